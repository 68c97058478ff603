/** A short light on a cell, so that the eye finds it. */

const FLASH = 'jp-Analyst-flash';

/** Flash a node once; a reader who wants less motion sees a steady frame for the same time. */
export function flash(node: HTMLElement): void {
  node.classList.remove(FLASH);
  // Reading the layout makes the browser begin the animation anew.
  void node.offsetWidth;
  node.classList.add(FLASH);
  node.addEventListener('animationend', () => node.classList.remove(FLASH), { once: true });
}
