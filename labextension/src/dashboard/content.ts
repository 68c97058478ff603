/** What the dashboard's notebook holds when it is made: the same as `notebooks/admin_dashboard.ipynb`. */

/** Its name, in whatever folder it is made. */
export const NAME = 'admin_dashboard.ipynb';

/** The one cell of code. It is run for the user only while it says exactly this. */
export const SOURCE = 'from autoanalyst_kernel.dashboard import Dashboard\n\nDashboard()';

const WORDS = [
  '# Usage',
  '',
  'What the analyst was used for and what it cost: live, while this cell lives. Everyone sees their own usage. ' +
    'For everyone’s, type the admin key into the field below; it goes to the server and never into this notebook.'
].join('\n');

/** The notebook, as the server's contents API wants it. */
export function notebook(): object {
  return {
    cells: [
      { cell_type: 'markdown', id: 'dashboard-1', metadata: {}, source: WORDS },
      {
        cell_type: 'code',
        execution_count: null,
        id: 'dashboard-2',
        metadata: {},
        outputs: [],
        source: SOURCE
      }
    ],
    metadata: { kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' } },
    nbformat: 4,
    nbformat_minor: 5
  };
}
