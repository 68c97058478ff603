/**
 * Brings DOM nodes to a new state with as few changes as it takes: what is equal stays the same node, text
 * that grows is appended to. So a streaming answer does not flicker, and selections and scroll positions stay.
 */

/** Make the children of `target` look like `wanted`, whose nodes are used up. */
export function patch(target: Element, wanted: readonly Node[]): void {
  wanted.forEach((node, index) => {
    const there = target.childNodes[index];
    if (there === undefined) {
      target.append(node);
    } else if (!there.isEqualNode(node)) {
      update(there, node);
    }
  });
  while (target.childNodes.length > wanted.length) {
    target.lastChild?.remove();
  }
}

function update(there: ChildNode, node: Node): void {
  if (there instanceof Text && node instanceof Text) {
    rewrite(there, node.data);
  } else if (there instanceof Element && node instanceof Element && there.tagName === node.tagName) {
    copyAttributes(there, node);
    patch(there, [...node.childNodes]);
  } else {
    there.replaceWith(node);
  }
}

function rewrite(there: Text, data: string): void {
  if (data.startsWith(there.data)) {
    there.appendData(data.slice(there.data.length));
  } else {
    there.data = data;
  }
}

function copyAttributes(there: Element, node: Element): void {
  for (const name of there.getAttributeNames()) {
    if (!node.hasAttribute(name)) {
      there.removeAttribute(name);
    }
  }
  for (const name of node.getAttributeNames()) {
    const value = node.getAttribute(name) ?? '';
    if (there.getAttribute(name) !== value) {
      there.setAttribute(name, value);
    }
  }
}
