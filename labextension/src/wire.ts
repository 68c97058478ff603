// Made from ../schema/Page.json by `jlpm wire`. Do not edit.

export type ServerMessage =
  TabWelcome | RunTold | RunRefused | RunningTold | ChatTold | TabWanted | TabFailed;
export type TabMessage = TabHello | TabNotebooks | Watch | Unwatch | CellSent | TabReplied;

/**
 * An agent one can ask.
 */
export interface AgentEntry {
  aliases: string[];
  description: string;
  name: string;
  title: string;
}
/**
 * The reply of `GET agents`.
 */
export interface Agents {
  agents: AgentEntry[];
}
/**
 * One question's outcome: the last line of `autoanalyst ask --json`.
 */
export interface Answer {
  /**
   * The filled answer, or the message that says what happened and what was kept.
   */
  answer: string;
  cells: CellRecord[];
  chat_id: string;
  /**
   * None: the offline analyst was not asked, or is not sure.
   */
  check: Check | null;
  claims: Claim[];
  /**
   * The same as `usage.cost_usd`.
   */
  cost_usd: string | null;
  /**
   * `{"code", "message", "detail"}` when something went wrong.
   */
  error: {
    [k: string]: unknown;
  } | null;
  notebook: string | null;
  run_id: string;
  seconds: number;
  status: 'answered' | 'abstained' | 'failed' | 'stopped';
  /**
   * Questions that could be answered instead.
   */
  suggestions: string[];
  usage: Usage;
}
/**
 * A finished cell in an answer.
 */
export interface CellRecord {
  id: string;
  /**
   * What references call it: `c1`.
   */
  label: string;
  outputs: (StreamOutput | DisplayOutput | ResultOutput | ErrorOutput)[];
  source: string;
}
/**
 * Text that a cell wrote to stdout or stderr.
 */
export interface StreamOutput {
  name: 'stdout' | 'stderr';
  output_type: 'stream';
  text: string;
}
/**
 * Something a cell displayed.
 */
export interface DisplayOutput {
  /**
   * MIME type to content, as nbformat has it.
   */
  data: {
    [k: string]: unknown;
  };
  metadata: {
    [k: string]: unknown;
  };
  output_type: 'display_data';
}
/**
 * The value of a cell's last expression, as the front end shows it.
 */
export interface ResultOutput {
  data: {
    [k: string]: unknown;
  };
  execution_count: number | null;
  metadata: {
    [k: string]: unknown;
  };
  output_type: 'execute_result';
}
/**
 * An exception that ended a cell.
 */
export interface ErrorOutput {
  ename: string;
  evalue: string;
  output_type: 'error';
  traceback: string[];
}
/**
 * What the offline analyst says of a figure that a model came to.
 */
export interface Check {
  agrees: boolean;
  /**
   * One or two sentences of Markdown.
   */
  text: string;
}
/**
 * One figure of an answer.
 */
export interface Claim {
  /**
   * Id of the cell whose output proves it.
   */
  cell: string | null;
  /**
   * Where in that output, as a reference writes it (`c1[0].area`); `None` for a figure in free text.
   */
  path: string | null;
  status: 'verified' | 'unverified' | 'contradicted';
  /**
   * The figure as the answer shows it.
   */
  text: string;
  /**
   * The figure itself, unrounded where it was filled from an output.
   */
  value: boolean | number | string | null;
}
/**
 * What some model calls used: the object of `GET usage` and of `ask --json`.
 */
export interface Usage {
  /**
   * Exact decimal string of dollars for the priced requests; `None` when no request had a price.
   */
  cost_usd: string | null;
  /**
   * Requests whose tokens are an estimate.
   */
  estimated_requests: number;
  /**
   * Requests to providers, failed ones included.
   */
  requests: number;
  tokens: TokenUsage;
  /**
   * Requests whose price is unknown; `cost_usd` leaves them out.
   */
  unpriced_requests: number;
}
/**
 * Tokens of one or more model calls. Counts are inclusive: cached tokens are part of the input.
 */
export interface TokenUsage {
  /**
   * The part of the input that was read from the provider's cache.
   */
  cache_read_tokens: number;
  /**
   * The part of what was written to the cache that is kept for an hour instead of five minutes.
   */
  cache_write_1h_tokens: number;
  /**
   * The part of the input that was written to the provider's cache.
   */
  cache_write_tokens: number;
  /**
   * All input, cached or not.
   */
  input_tokens: number;
  /**
   * All output, reasoning included.
   */
  output_tokens: number;
  /**
   * The part of the output that was reasoning.
   */
  reasoning_tokens: number;
}
/**
 * A person's answer to `approval_needed`: the body of `POST runs/{id}/approvals/{call_id}`.
 */
export interface ApprovalAnswer {
  code_hash: string;
  /**
   * With a yes: safe cells of this notebook run by themselves from now on.
   */
  remember?: boolean;
  yes: boolean;
}
/**
 * The run waits for a yes or no to exactly this code.
 */
export interface ApprovalNeeded {
  call_id: string;
  /**
   * SHA-256 of the source, hexadecimal.
   */
  code_hash: string;
  findings: Finding[];
  kind: 'approval_needed';
  reason: string;
  source: string;
}
/**
 * One effect that a cell's syntax tree shows.
 */
export interface Finding {
  effect:
    | 'rebind'
    | 'change'
    | 'delete'
    | 'read'
    | 'write'
    | 'network'
    | 'install'
    | 'shell'
    | 'reflect'
    | 'input'
    | 'unknown';
  /**
   * It uses a name that does not exist: the cell would fail, so there is nothing to ask a person about.
   */
  fails: boolean;
  /**
   * 1-based line of the source.
   */
  line: number;
  /**
   * What it would do, for a person: `writes ./out/report.csv`.
   */
  words: string;
}
/**
 * What the same tokens would have cost with another model, at today's price, call by call.
 */
export interface Bill {
  /**
   * How the figures came about, for people.
   */
  basis: string;
  /**
   * Of the requests that are repriced; `None` where the model has no known price.
   */
  cost_usd: string | null;
  /**
   * Requests whose tokens the provider did not count: they are in neither figure.
   */
  left_out_requests: number;
  /**
   * `provider:model`
   */
  model: string;
  /**
   * Questions that the offline analyst answered, for nothing.
   */
  offline_questions: number;
  /**
   * What the same requests really cost; `None` where none of them had a price.
   */
  real_usd: string | null;
  repriced_requests: number;
  /**
   * What these would have cost with that model; `None` where there is nothing to go by.
   */
  saved_usd: string | null;
}
/**
 * A limit that holds.
 */
export interface Budget {
  created_at: string;
  id: string;
  /**
   * Dollars, as an exact decimal string. `0`: nothing may be spent.
   */
  limit_usd: string;
  /**
   * The principal or administrator that set it.
   */
  made_by: string;
  /**
   * Of the group, notebook (its path), chat (its id), agent or model (`openai:gpt-5-mini`; `openai:*` is
   * all of a provider's); empty for `everything`.
   */
  name: string;
  period: 'day' | 'week' | 'month';
  /**
   * Whose model calls count: the id of a person, such as `account:ann`; `null`: everybody's together.
   */
  principal: string | null;
  /**
   * Which of those calls count.
   */
  scope: 'everything' | 'group' | 'notebook' | 'chat' | 'agent' | 'model';
  /**
   * A warning is shown from this part of the limit on.
   */
  warn_percent: number;
  /**
   * IANA name of the time zone of its days, weeks and months.
   */
  zone: string;
}
/**
 * What of a budget is changed; what is left out stays.
 */
export interface BudgetChange {
  limit_usd?: string | null;
  warn_percent?: number | null;
}
/**
 * A budget, and how it stands in the period that is under way.
 */
export interface BudgetState {
  budget: Budget;
  /**
   * The first moment after the period: then all of the limit may be spent again.
   */
  end: string;
  /**
   * Dollars set aside for calls that are under way.
   */
  held_usd: string;
  /**
   * Dollars that the next call may cost at most; never below zero.
   */
  left_usd: string;
  /**
   * Whether whoever asks set it for themselves, and so may change it.
   */
  mine: boolean;
  /**
   * Of the limit that is spent, rounded down; 100 where the limit is zero.
   */
  percent: number;
  /**
   * Whether nothing is left: all is spent or set aside.
   */
  reached: boolean;
  /**
   * Dollars that the period's model calls cost, as an exact decimal string.
   */
  spent_usd: string;
  /**
   * The first moment of the period.
   */
  start: string;
  /**
   * Its name for people: the chat's title where that is known, else `budget.name`.
   */
  title: string;
  /**
   * Whether the warning is due.
   */
  warned: boolean;
  /**
   * What it is, such as `monthly budget of ann`.
   */
  words: string;
}
/**
 * The reply of `GET budgets` and `GET admin/budgets`.
 */
export interface BudgetStates {
  budgets: BudgetState[];
  paid_calls: PaidCalls;
}
/**
 * Whether model calls that cost money are on.
 */
export interface PaidCalls {
  on: boolean;
  /**
   * Why they are off, in the words of whoever switched them off.
   */
  reason: string;
  /**
   * When they were switched off; `null` while they are on.
   */
  since: string | null;
}
/**
 * A cell and the source that a run left it with.
 */
export interface CellAsLeft {
  cell_id: string;
  expected: string;
  /**
   * The cell whose place it has taken: it comes back when this one goes.
   */
  former: FormerCell | null;
}
/**
 * A cell of the user that failed, and whose place a corrected one has taken.
 */
export interface FormerCell {
  cell_id: string;
  source: string;
}
/**
 * A cell has executed.
 */
export interface CellFinished {
  call_id: string;
  execution: Execution;
  kind: 'cell_finished';
  label: string;
  /**
   * True when it failed and its error goes back to the model.
   */
  repairing: boolean;
}
/**
 * One execution of a cell's source.
 */
export interface Execution {
  cell_id: string;
  /**
   * Class of the exception, when `status` is not `ok`.
   */
  ename: string | null;
  /**
   * Its text.
   */
  evalue: string | null;
  execution_count: number | null;
  /**
   * All outputs, uncut, in order.
   */
  outputs: (StreamOutput | DisplayOutput | ResultOutput | ErrorOutput)[];
  /**
   * The value of the last expression as data; `None` where there was none.
   */
  result:
    | (
        | ScalarResult
        | SeriesResult
        | TableResult
        | MappingResult
        | SequenceResult
        | FigureResult
        | OtherResult
      )
    | null;
  seconds: number;
  source: string;
  status: 'ok' | 'error' | 'interrupted' | 'timeout' | 'died' | 'unknown';
  /**
   * Profiles of the tables that this execution made or changed.
   */
  tables: TableProfile[];
}
/**
 * One number, text, boolean, date or nothing.
 */
export interface ScalarResult {
  kind: 'scalar';
  /**
   * Name of the Python or NumPy type, e.g. `float64`, `str`, `Timestamp`.
   */
  type: string;
  /**
   * The value; dates and durations as ISO 8601 text, integers beyond 2**53 as they are.
   */
  value: boolean | number | string | null;
}
/**
 * A labelled column, e.g. a pandas Series or a one-dimensional array.
 */
export interface SeriesResult {
  dtype: string;
  /**
   * Labels of the values below, a tuple each where there are several levels.
   */
  index: (boolean | number | string | (boolean | number | string | null)[] | null)[];
  /**
   * Names of the index levels; empty where the value has no index (an array).
   */
  index_names: (string | null)[];
  kind: 'series';
  /**
   * How many values there are in all.
   */
  length: number;
  name: string | null;
  /**
   * The first values, at most `frames.MAX_ROWS`.
   */
  values: (boolean | number | string | null)[];
}
/**
 * A data frame of any library.
 */
export interface TableResult {
  /**
   * Column names as text; several levels are joined by ` / `.
   */
  columns: string[];
  dtypes: string[];
  index: (boolean | number | string | (boolean | number | string | null)[] | null)[];
  index_names: (string | null)[];
  kind: 'table';
  /**
   * How many rows there are in all.
   */
  length: number;
  /**
   * The first rows, at most `frames.MAX_ROWS`.
   */
  rows: (boolean | number | string | null)[][];
}
/**
 * A dictionary.
 */
export interface MappingResult {
  keys: string[];
  kind: 'mapping';
  length: number;
  values: (
    | ScalarResult
    | SeriesResult
    | TableResult
    | MappingResult
    | SequenceResult
    | FigureResult
    | OtherResult
  )[];
}
/**
 * A list, tuple or set.
 */
export interface SequenceResult {
  kind: 'sequence';
  length: number;
  values: (
    | ScalarResult
    | SeriesResult
    | TableResult
    | MappingResult
    | SequenceResult
    | FigureResult
    | OtherResult
  )[];
}
/**
 * A chart.
 */
export interface FigureResult {
  kind: 'figure';
  /**
   * `plotly` or `matplotlib`.
   */
  library: string;
  /**
   * How many points are drawn in all, where the library tells.
   */
  points: number | null;
  title: string | null;
  /**
   * The kind of each trace, e.g. `histogram`; empty for matplotlib.
   */
  traces: string[];
}
/**
 * Anything else: only its type is known.
 */
export interface OtherResult {
  kind: 'other';
  type: string;
}
/**
 * One table in the kernel.
 */
export interface TableProfile {
  columns: ColumnProfile[];
  /**
   * Hash that changes when shape, columns, types or (sampled) values change.
   */
  fingerprint: string;
  /**
   * Name of a meaningful index (not a plain range), else `None`.
   */
  index: string | null;
  /**
   * `pandas`, `polars`, ...
   */
  library: string;
  /**
   * The variable's name.
   */
  name: string;
  rows: number;
  /**
   * The first 5 rows.
   */
  sample_rows: (boolean | number | string | null)[][];
  /**
   * True when the statistics come from a sample of the rows; `nulls` never do.
   */
  sampled: boolean;
}
/**
 * One column of a table.
 */
export interface ColumnProfile {
  /**
   * How many different values; `None` where it was not counted.
   */
  distinct: number | null;
  /**
   * The library's own name of the type.
   */
  dtype: string;
  kind: 'integer' | 'number' | 'boolean' | 'category' | 'text' | 'datetime' | 'duration' | 'other';
  maximum: boolean | number | string | null;
  mean: number | null;
  minimum: boolean | number | string | null;
  /**
   * The name as the code must write it when it is text, else its `repr`.
   */
  name: string;
  /**
   * False when the name is not a string in the frame (a number, a tuple).
   */
  name_is_text: boolean;
  /**
   * How many values are missing; exact.
   */
  nulls: number;
  /**
   * 25 %, 50 %, 75 % of a numeric column.
   */
  quantiles: number[];
  /**
   * Up to 5 different values, in order of appearance.
   */
  samples: (boolean | number | string | null)[];
  /**
   * Sample standard deviation (n - 1).
   */
  std: number | null;
  /**
   * The most frequent values with their counts, most frequent first: all of them (at most 50) for
   * `boolean` and `category`, and for integers with at most 20 different values.
   */
  top: ValueCount[];
}
/**
 * A value of a column and how many rows have it.
 */
export interface ValueCount {
  count: number;
  value: boolean | number | string | null;
}
/**
 * Code was inserted or shown, and not executed.
 */
export interface CellNotRun {
  call_id: string;
  cell_id: string;
  kind: 'cell_not_run';
  reason: string;
  source: string;
}
/**
 * An output of the running cell changed.
 */
export interface CellOutput {
  cell_id: string;
  change: OutputChange;
  kind: 'cell_output';
}
/**
 * One change to the list of outputs of a running cell.
 */
export interface OutputChange {
  index: number;
  /**
   * `append` adds `output`; `extend` adds its text to the stream output at `index`; `replace`
   * puts `output` at `index` (an updated display); `clear` empties the list.
   */
  op: 'append' | 'extend' | 'replace' | 'clear';
  output: (StreamOutput | DisplayOutput | ResultOutput | ErrorOutput) | null;
}
/**
 * An agent wants to run code.
 */
export interface CellProposed {
  call_id: string;
  /**
   * What it could do beyond computing; empty when it is safe.
   */
  findings: Finding[];
  kind: 'cell_proposed';
  /**
   * What references call this cell: `c1`.
   */
  label: string;
  purpose: string;
  /**
   * Id of the failed cell that this one repairs.
   */
  replaces: string | null;
  source: string;
}
/**
 * A cell of the run corrected a failed one of the user's, ran well, and now stands in its place.
 */
export interface CellReplaced {
  /**
   * The corrected cell.
   */
  cell_id: string;
  /**
   * Id of the cell that failed; it is not in the notebook any more.
   */
  former: string;
  kind: 'cell_replaced';
  /**
   * What that one held.
   */
  source: string;
}
/**
 * The page has sent the cell of an `execute` request to the kernel.
 */
export interface CellSent {
  kind: 'sent';
  /**
   * Id of the execute request's message.
   */
  message: string;
  request: string;
}
/**
 * A cell is in the notebook and begins to execute.
 */
export interface CellStarted {
  call_id: string;
  cell_id: string;
  kind: 'cell_started';
  label: string;
}
/**
 * The durable conversation in the list.
 */
export interface Chat {
  /**
   * UTC; when something last happened in it.
   */
  active_at: string;
  /**
   * UTC.
   */
  created_at: string;
  id: string;
  title: string;
}
/**
 * The body of `PATCH chats/{id}`.
 */
export interface ChatChange {
  title: string;
}
/**
 * A chat as the list shows it.
 */
export interface ChatEntry {
  /**
   * UTC; when something last happened in it.
   */
  active_at: string;
  /**
   * Who answered last.
   */
  agents: string[];
  /**
   * Of all its runs; `None` where nothing had a price.
   */
  cost_usd: string | null;
  /**
   * UTC.
   */
  created_at: string;
  id: string;
  /**
   * Path of the notebook of its last run, where a panel asked.
   */
  notebook: string | null;
  /**
   * One line of the last answer, as plain text.
   */
  summary: string;
  title: string;
}
/**
 * A page of the list, newest activity first.
 */
export interface ChatPage {
  chats: ChatEntry[];
  /**
   * Of the next page; `None` on the last.
   */
  cursor: string | null;
}
/**
 * A chat of this person is new, has another title, or has moved to the top; or it is deleted.
 */
export interface ChatTold {
  chat: Chat;
  deleted: boolean;
  kind: 'chat';
}
/**
 * There was no table in the kernel, so a cell that loads one was put before the answer's own cells.
 */
export interface DataLoaded {
  cell_id: string;
  kind: 'data_loaded';
  /**
   * The variable.
   */
  name: string;
  /**
   * What was left out; empty where everything was loaded.
   */
  note: string;
  /**
   * The file, as the cell names it.
   */
  path: string;
  source: string;
}
/**
 * What is inside `{"error": ...}`.
 */
export interface ErrorBody {
  code: string;
  detail: {
    [k: string]: unknown;
  };
  message: string;
}
/**
 * Every reply that is not a success.
 */
export interface ErrorReply {
  error: ErrorBody;
}
/**
 * What the next question may cost: the reply of `POST estimate`. Every figure is an estimate.
 */
export interface Estimate {
  /**
   * What the figures are from, in one or two sentences.
   */
  basis: string;
  /**
   * A quarter of such questions cost more.
   */
  high_usd: string | null;
  /**
   * `unpriced`: nobody here knows this model's price, so there are no figures.
   */
  kind: 'free' | 'priced' | 'unpriced';
  /**
   * Exact decimal string of dollars: a quarter of such questions cost less.
   */
  low_usd: string | null;
  /**
   * `provider:model` that would answer.
   */
  model: string;
  /**
   * Half of such questions cost less.
   */
  typical_usd: string | null;
}
/**
 * A question that is still being written: the body of `POST estimate`.
 */
export interface EstimateOrder {
  /**
   * Names that it has after an `@`; those of no agent are passed over.
   *
   * @maxItems 20
   */
  agents?: string[];
  /**
   * Id of the chat; `None`: it begins one.
   */
  chat?: string | null;
  /**
   * Its characters so far.
   */
  length: number;
  /**
   * `provider:model`; `None`: the one that would answer if it were asked so.
   */
  model?: string | null;
  /**
   * Path of the notebook that it is about.
   */
  notebook?: string | null;
}
/**
 * A cell of the user that failed and is to be fixed.
 */
export interface FailedCell {
  cell_id: string;
  ename: string;
  evalue: string;
  source: string;
}
/**
 * What a person thinks of an answer: the body and the reply of `PUT messages/{id}/feedback`.
 */
export interface Feedback {
  /**
   * May be empty.
   */
  comment: string;
  /**
   * Stars.
   */
  rating: number;
}
/**
 * A data file beside the notebook.
 */
export interface FileEntry {
  bytes: number;
  name: string;
  /**
   * As a loading cell of this notebook names it.
   */
  path: string;
}
/**
 * The reply of `GET health`.
 */
export interface Health {
  /**
   * What is broken, and what to do about it.
   */
  problem: string;
  status: 'ok' | 'broken';
  version: string;
}
/**
 * A provider and whether its key is there. Never the key.
 */
export interface KeyEntry {
  provider: string;
  /**
   * Where the key was found, in words (`environment`, `keyring`, `file`); `None`: there is none.
   */
  source: string | null;
  title: string;
}
/**
 * The reply of `GET keys`.
 */
export interface Keys {
  keys: KeyEntry[];
}
/**
 * The body of `POST datasets`: which file a cell should load.
 */
export interface LoadOrder {
  kernel?: string | null;
  /**
   * Path of the notebook.
   */
  notebook: string;
  /**
   * A data file: absolute, from `~`, or from the notebook's folder. `None`: the sample.
   */
  path?: string | null;
}
/**
 * An ordinary cell that loads a file: the reply of `POST datasets`.
 */
export interface LoadingSource {
  /**
   * The variable.
   */
  name: string;
  /**
   * What is left out; empty where everything is loaded.
   */
  note: string;
  source: string;
}
/**
 * The reply of `GET me`.
 */
export interface Me {
  mode: 'auto' | 'ask' | 'suggest';
  model: string;
  name: string;
  source: 'hub' | 'identity' | 'account';
  version: string;
}
/**
 * The last messages of a chat, oldest first.
 */
export interface MessagePage {
  /**
   * Of the messages before them; `None` at the start.
   */
  cursor: string | null;
  messages: ShownMessage[];
}
/**
 * A message with what belongs to it.
 */
export interface ShownMessage {
  chat_id: string;
  /**
   * UTC.
   */
  created_at: string;
  feedback: Feedback | null;
  id: string;
  role: 'user' | 'analyst';
  /**
   * The run that wrote it, or for a question the run that it began and that has not answered yet.
   */
  run: RunView | null;
  /**
   * The run that wrote it; `None` for a message of the user.
   */
  run_id: string | null;
  /**
   * Markdown, as it was written.
   */
  text: string;
}
/**
 * A run, as a panel shows it again.
 */
export interface RunView {
  agents: string[];
  chat_id: string;
  ended_at: string | null;
  /**
   * What it said, in order, without outputs and without pieces of text: the same as over the socket.
   */
  events: (
    | RunStarted
    | TablesSeen
    | PlanMade
    | StepStarted
    | TextDelta
    | StepFinished
    | CellProposed
    | ApprovalNeeded
    | CellNotRun
    | CellStarted
    | CellOutput
    | CellFinished
    | CellReplaced
    | Notice
    | DataLoaded
    | Parked
    | Resumed
    | Replayed
    | ReceiptMade
    | RunFinished
  )[];
  id: string;
  model: string;
  notebook: string | null;
  started_at: string;
  status: 'running' | 'waiting' | 'answered' | 'abstained' | 'failed' | 'stopped' | 'interrupted';
}
/**
 * A run begins.
 */
export interface RunStarted {
  agents: string[];
  chat_id: string;
  kind: 'run_started';
  model: string;
  run_id: string;
}
/**
 * The tables that the question can mean were profiled.
 */
export interface TablesSeen {
  kind: 'tables_seen';
  tables: TableProfile[];
}
/**
 * The plan of the run: one sentence, or one line per agent.
 */
export interface PlanMade {
  kind: 'plan_made';
  lines: string[];
}
/**
 * A model call begins.
 */
export interface StepStarted {
  agent: string;
  kind: 'step_started';
  /**
   * 1-based, within the run.
   */
  step: number;
}
/**
 * More text from the model. Partial: the step may still fail.
 */
export interface TextDelta {
  kind: 'text_delta';
  step: number;
  text: string;
}
/**
 * A model call has ended and is booked.
 */
export interface StepFinished {
  agent: string;
  /**
   * The last attempt of the call, in the ledger.
   */
  attempt_id: string | null;
  /**
   * `None` when the price is unknown.
   */
  cost_usd: string | null;
  estimated: boolean;
  kind: 'step_finished';
  model: string;
  seconds: number;
  step: number;
  tokens: TokenUsage;
}
/**
 * Something the user should know: a retry, a limit, what a provider will see.
 */
export interface Notice {
  code: string;
  kind: 'notice';
  text: string;
}
/**
 * The run waits for something that is not its own; `resumed` follows when it goes on.
 */
export interface Parked {
  kind: 'parked';
  /**
   * The same for the user.
   */
  text: string;
  /**
   * `queued`: another run has the notebook. `kernel_busy`: another cell is running. `notebook_closed`: no
   * page has the notebook open.
   */
  why: 'queued' | 'kernel_busy' | 'notebook_closed';
}
/**
 * A parked run goes on.
 */
export interface Resumed {
  kind: 'resumed';
}
/**
 * The question is answered as it was answered before: no model is called.
 *
 * A `notice` with the code `replay_failed` takes it back: a model is asked after all.
 */
export interface Replayed {
  /**
   * `provider:model` that answered then.
   */
  answered_by: string;
  /**
   * UTC; when the model answered.
   */
  at: string;
  kind: 'replayed';
  /**
   * Labels of cells in the notebook whose values the answer waits for.
   */
  pending: string[];
}
/**
 * The run was answered, and this is how: what a replay needs. It comes just before the end.
 */
export interface ReceiptMade {
  kind: 'receipt_made';
  receipt: Receipt;
}
/**
 * One answered question: what was asked, of which data, and how it was answered.
 */
export interface Receipt {
  /**
   * Agents named beside the question, as written.
   */
  agents: string[];
  /**
   * The answer with its figures, as it was shown.
   */
  answer: string;
  /**
   * `provider:model` that answered.
   */
  answered_by: string;
  /**
   * UTC; when the model answered.
   */
  at: string;
  /**
   * The cells that ran to their end, in order.
   */
  cells: ReceiptCell[];
  claims: Claim[];
  /**
   * The tables that the code reads.
   */
  data: ReceiptTable[];
  /**
   * Cells of earlier questions that the answer refers to. They are not run again for this one.
   */
  earlier: ReceiptCell[];
  /**
   * Nothing says which tables the answer depends on: `data` has all of them, and a new one is a change.
   */
  every_table: boolean;
  /**
   * The question before it in the same chat, if there was one.
   */
  follows: string | null;
  /**
   * The model that was asked for; `None` left the choice to the settings.
   */
  model: string | null;
  /**
   * As the user wrote it, mentions included.
   */
  question: string;
  /**
   * The run that made the cells.
   */
  run_id: string;
  /**
   * Tables that the question was limited to; empty means all.
   */
  scope: string[];
  status: 'answered' | 'abstained';
  suggestions: string[];
  /**
   * The answer with references (`{{c1[0].area}}`).
   */
  template: string;
  version: 1;
}
/**
 * A finished cell.
 */
export interface ReceiptCell {
  /**
   * Its id in the notebook where it ran; claims name it.
   */
  id: string;
  /**
   * What the answer's references call it: `c1`.
   */
  label: string;
  purpose: string;
  source: string;
}
/**
 * A table that the recorded code reads.
 */
export interface ReceiptTable {
  columns: number;
  /**
   * `TableProfile.fingerprint` when the question was asked.
   */
  fingerprint: string;
  /**
   * The variable's name.
   */
  name: string;
  rows: number;
}
/**
 * The run has ended; nothing follows.
 */
export interface RunFinished {
  answer: Answer;
  kind: 'run_finished';
}
/**
 * A model one can ask.
 */
export interface ModelEntry {
  default: boolean;
  /**
   * Nothing leaves this machine.
   */
  local: boolean;
  /**
   * `provider:model`.
   */
  name: string;
  ready: boolean;
  title: string;
  /**
   * Why it is not.
   */
  why: string;
}
/**
 * The reply of `GET models`.
 */
export interface Models {
  models: ModelEntry[];
}
/**
 * A limit that somebody sets.
 */
export interface NewBudget {
  /**
   * Dollars, as an exact decimal string. `0`: nothing may be spent.
   */
  limit_usd: string;
  /**
   * Of the group, notebook (its path), chat (its id), agent or model (`openai:gpt-5-mini`; `openai:*` is
   * all of a provider's); empty for `everything`.
   */
  name?: string;
  period?: 'day' | 'week' | 'month';
  /**
   * Whose model calls count: the id of a person, such as `account:ann`; `null`: everybody's together.
   */
  principal?: string | null;
  /**
   * Which of those calls count.
   */
  scope?: 'everything' | 'group' | 'notebook' | 'chat' | 'agent' | 'model';
  /**
   * A warning is shown from this part of the limit on.
   */
  warn_percent?: number;
  /**
   * IANA name of the time zone of its days, weeks and months.
   */
  zone?: string;
}
/**
 * The body of `POST chats`.
 */
export interface NewChat {
  /**
   * The first question; the chat is named after it. It is not asked by this.
   */
  question: string;
}
/**
 * The body of `PUT keys/{provider}`.
 */
export interface NewKey {
  key: string;
}
/**
 * A place in a notebook that a page has open.
 */
export interface NotebookPlace {
  /**
   * Id of the cell below which new cells go; `None`: at the end.
   */
  after?: string | null;
  /**
   * Id of its kernel.
   */
  kernel: string;
  /**
   * Of the server's contents, without a slash in front.
   */
  path: string;
}
/**
 * A notebook that a page has open.
 */
export interface OpenNotebook {
  /**
   * Id of its kernel, if it has one.
   */
  kernel?: string | null;
  /**
   * Of the server's contents, without a slash in front.
   */
  path: string;
}
/**
 * The reply of `GET usage`: first what was asked for, then what it is part of.
 */
export interface OwnUsage {
  all: Usage;
  bill: Bill | null;
  /**
   * Exact decimal string of dollars for the priced requests; `None` when no request had a price.
   */
  cost_usd: string | null;
  /**
   * Requests whose tokens are an estimate.
   */
  estimated_requests: number;
  month: Usage;
  /**
   * Requests to providers, failed ones included.
   */
  requests: number;
  /**
   * The dearest first, days the newest first; empty unless asked for.
   */
  rows: UsageRow[];
  today: Usage;
  tokens: TokenUsage;
  /**
   * Requests whose price is unknown; `cost_usd` leaves them out.
   */
  unpriced_requests: number;
  week: Usage;
}
/**
 * What one day, chat, notebook, agent or model used.
 */
export interface UsageRow {
  /**
   * Date, id of the chat, path, name of the agent, `provider:model`; empty where it is not known.
   */
  name: string;
  /**
   * For people.
   */
  title: string;
  usage: Usage;
}
/**
 * Notebooks where safe cells run without asking, though the mode is `ask`.
 */
export interface Remembered {
  notebooks: string[];
}
/**
 * A question to a chat: the body of `POST chats/{id}/runs`.
 */
export interface RunOrder {
  agents?: string[];
  /**
   * The question is to fix this cell.
   */
  fix?: FailedCell | null;
  mode?: ('auto' | 'ask' | 'suggest') | null;
  model?: string | null;
  notebook: NotebookPlace;
  question: string;
  /**
   * Names of the tables it is about; empty means all.
   */
  scope?: string[];
  settings?: RunSettings;
  /**
   * The page that asks; its hands come first.
   */
  tab: string;
}
/**
 * What the user's settings say about runs; `None` leaves it to the server's.
 */
export interface RunSettings {
  cell_seconds?: number | null;
  max_tokens?: number | null;
  repairs?: number | null;
  rounds?: number | null;
  seconds?: number | null;
  temperature?: number | null;
  tokens?: number | null;
}
/**
 * A run did not begin: something is wrong with the question. It is the run's only and last message.
 */
export interface RunRefused {
  code: string;
  detail: {
    [k: string]: unknown;
  };
  kind: 'refused';
  message: string;
  run: string;
  seq: number;
}
/**
 * A run that was accepted. Its events come over the socket.
 */
export interface RunTicket {
  chat: string;
  run: string;
}
/**
 * An event of a run. Outputs are left out: the notebook has them.
 */
export interface RunTold {
  event:
    | RunStarted
    | TablesSeen
    | PlanMade
    | StepStarted
    | TextDelta
    | StepFinished
    | CellProposed
    | ApprovalNeeded
    | CellNotRun
    | CellStarted
    | CellOutput
    | CellFinished
    | CellReplaced
    | Notice
    | DataLoaded
    | Parked
    | Resumed
    | Replayed
    | ReceiptMade
    | RunFinished;
  kind: 'event';
  run: string;
  /**
   * 1, 2, 3 ... within the run.
   */
  seq: number;
}
/**
 * A run that is under way, or waits.
 */
export interface RunningRun {
  chat: string;
  /**
   * Path of the notebook that it acts on.
   */
  notebook: string;
  question: string;
  run: string;
}
/**
 * Which of this person's runs are under way, whenever that changes.
 */
export interface RunningTold {
  kind: 'running';
  running: RunningRun[];
}
/**
 * The reply of `GET runs/{id}/sent`.
 */
export interface Sent {
  calls: SentCall[];
}
/**
 * What one model call sent: the last of a run has all that the ones before it sent, too.
 */
export interface SentCall {
  attempt_id: string;
  /**
   * True when it was too long to be kept whole.
   */
  cut: boolean;
  /**
   * SHA-256 of the payload.
   */
  digest: string;
  /**
   * False: the model is in this process, and nothing left the machine.
   */
  left: boolean;
  level: 'names' | 'schema' | 'statistics' | 'masked' | 'rows';
  /**
   * `provider:model`.
   */
  model: string;
  parts: SentPart[];
}
/**
 * A piece of what a provider was sent.
 */
export interface SentPart {
  /**
   * Of the tool, where it is one.
   */
  name: string;
  role: 'instructions' | 'user' | 'assistant' | 'tool_call' | 'tool_return';
  text: string;
}
/**
 * The answer to `hello`.
 */
export interface TabWelcome {
  kind: 'welcome';
  mode: 'auto' | 'ask' | 'suggest';
  /**
   * The model that answers when nobody chooses one.
   */
  model: string;
  protocol: number;
  /**
   * This person's runs.
   */
  running: RunningRun[];
  /**
   * Version of the engine's package.
   */
  version: string;
  /**
   * The person that runs are booked to, for people.
   */
  who: string;
}
/**
 * A request to a notebook that the page has open; `replied` follows.
 */
export interface TabWanted {
  do: TabInsert | TabReplace | TabRemove | TabTakePlace | TabExecute | TabRestore | TabWithdraw;
  kind: 'request';
  /**
   * Path of the notebook.
   */
  notebook: string;
  /**
   * Names the request. The same one may come again when the page has connected anew: it is carried out
   * once, and replied to again.
   */
  request: string;
  run: string;
}
/**
 * A new cell below cell `after`, or at the end where there is no such cell. Harmless to repeat.
 */
export interface TabInsert {
  after: string | null;
  /**
   * The engine names it.
   */
  cell_id: string;
  cell_type: 'code' | 'markdown';
  metadata: {
    [k: string]: unknown;
  };
  op: 'insert';
  source: string;
}
/**
 * Give a cell another source, if it still has the expected one; its outputs go.
 */
export interface TabReplace {
  cell_id: string;
  expected: string;
  op: 'replace';
  source: string;
}
/**
 * Take a cell out, if it still has the expected source.
 */
export interface TabRemove {
  cell_id: string;
  expected: string;
  op: 'remove';
}
/**
 * Put cell `cell_id` in the place of a cell that failed, if that still has its source.
 *
 * It keeps what the failed one had in its metadata. One step of the user's undo. Harmless to repeat.
 */
export interface TabTakePlace {
  cell_id: string;
  former: FormerCell;
  op: 'take_place';
}
/**
 * Run a cell as the user would, if it still has the expected source.
 */
export interface TabExecute {
  cell_id: string;
  expected: string;
  op: 'execute';
}
/**
 * Make it so that these cells stand below cell `after`, with these outputs, without running them.
 *
 * Asked of a page that opens the notebook in mid-run: what it loaded may lack cells and outputs. A cell that
 * somebody changed keeps its source and its outputs.
 */
export interface TabRestore {
  after: string | null;
  cells: TabCell[];
  op: 'restore';
}
/**
 * A cell as it should stand in the notebook.
 */
export interface TabCell {
  cell_id: string;
  cell_type: 'code' | 'markdown';
  execution_count: number | null;
  /**
   * The cell whose place it has taken: it goes, if it still has this source.
   */
  former: FormerCell | null;
  metadata: {
    [k: string]: unknown;
  };
  outputs: (StreamOutput | DisplayOutput | ResultOutput | ErrorOutput)[];
  source: string;
}
/**
 * Take the cells of a run out, in one step that the user's undo brings back.
 */
export interface TabWithdraw {
  cells: CellAsLeft[];
  op: 'withdraw';
}
/**
 * A message of the page makes no sense, or names a run that is not there.
 */
export interface TabFailed {
  code: string;
  detail: {
    [k: string]: unknown;
  };
  kind: 'failed';
  message: string;
  run: string | null;
}
/**
 * What a notebook has to ask about: the reply of `GET datasets`.
 */
export interface Surroundings {
  files: FileEntry[];
  /**
   * Why the kernel could not be asked, in one sentence: another language, busy, gone.
   */
  problem: string;
  /**
   * There is nothing else here, so the sample data may be offered.
   */
  sample: boolean;
  /**
   * Questions about the file or the sample, where there is no table yet.
   */
  starters: string[];
  tables: TableEntry[];
}
/**
 * A table in the kernel.
 */
export interface TableEntry {
  columns: string[];
  name: string;
  rows: number;
  /**
   * Up to four questions about it: a lookup, a comparison, a chart, a statistic.
   */
  starters: string[];
}
/**
 * How the page saw a cell end. What counts is what the engine heard from the kernel itself.
 */
export interface TabExecuted {
  execution_count?: number | null;
  status: 'ok' | 'error' | 'aborted';
}
/**
 * The first message of a page.
 */
export interface TabHello {
  kind: 'hello';
  notebooks?: OpenNotebook[];
  protocol: number;
  /**
   * Made by the page when it was loaded. The same again when it connects anew.
   */
  tab: string;
  /**
   * Version of the page's extension.
   */
  version: string;
}
/**
 * The notebooks that the page has open now, all of them; said when that changes.
 */
export interface TabNotebooks {
  kind: 'notebooks';
  notebooks: OpenNotebook[];
}
/**
 * Tell the events of a run from number `after` + 1 on, and go on telling.
 */
export interface Watch {
  after?: number;
  kind: 'watch';
  run: string;
}
/**
 * Tell no more of a run.
 */
export interface Unwatch {
  kind: 'unwatch';
  run: string;
}
/**
 * The reply to a request.
 */
export interface TabReplied {
  /**
   * Why it could not be carried out, in words for the user.
   */
  error?: string | null;
  /**
   * With an error: this page does not have the notebook open (any more); another one may.
   */
  gone?: boolean;
  kind: 'replied';
  request: string;
  /**
   * For `execute` a `TabExecuted`, for `withdraw` a `Withdrawn`, else empty.
   */
  value?: {
    [k: string]: unknown;
  };
}
/**
 * Which cells were taken out, and which were left because somebody has changed them since.
 */
export interface Withdrawn {
  kept?: string[];
  removed?: string[];
}
