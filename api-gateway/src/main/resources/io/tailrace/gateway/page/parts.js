/** Pieces of the page that both of its views have. */

export function byId(id) {
  return document.getElementById(id);
}

export function link(href, text) {
  const node = document.createElement("a");
  node.href = href;
  node.textContent = text;
  return node;
}

/** A status as a word with a colour. */
export function statusBadge(status) {
  const node = document.createElement("span");
  showStatus(node, status);
  return node;
}

export function showStatus(node, status) {
  node.className = `status ${status}`;
  if (node.textContent !== status) {
    node.textContent = status;
  }
}

/** What went wrong; empty for nothing. */
export function tell(text) {
  const alert = byId("alert");
  alert.textContent = text;
  alert.hidden = text === "";
}

/**
 * Makes an element's children like these, and touches only what differs: the focus and what is selected stay. One with a
 * `data-key` never becomes one with another key.
 */
export function update(parent, nodes) {
  const keys = new Set(nodes.map((it) => it.dataset.key));
  for (const old of [...parent.children]) {
    if (!keys.has(old.dataset.key)) {
      old.remove();
    }
  }
  nodes.forEach((node, i) => {
    const old = parent.children[i];
    if (old === undefined) {
      parent.append(node);
    } else if (!old.isEqualNode(node)) {
      updateNode(old, node);
    }
  });
  while (parent.children.length > nodes.length) {
    parent.lastElementChild.remove();
  }
}

function updateNode(old, node) {
  if (old.nodeName !== node.nodeName || old.dataset.key !== node.dataset.key || node.childElementCount !== node.childNodes.length) {
    old.replaceWith(node);
    return;
  }
  for (const name of new Set([...old.getAttributeNames(), ...node.getAttributeNames()])) {
    if (!node.hasAttribute(name)) {
      old.removeAttribute(name);
    } else if (old.getAttribute(name) !== node.getAttribute(name)) {
      old.setAttribute(name, node.getAttribute(name));
    }
  }
  update(old, [...node.children]);
}
