// Elements, made and kept. Text only ever goes in as text: names come from callers.

// Marks that turn around what follows them, and are nothing to be seen: a name with one would rearrange the line that it stands in.
const TURNING = /[\u202A-\u202E\u2066-\u2069]/g;

/** A text as it may be shown. */
export function plain(value) {
  return String(value).replace(TURNING, "");
}

/** An element with properties and children. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  const shown = children.filter((child) => child !== null && child !== undefined);
  node.append(...shown.map((child) => (child instanceof Node ? child : plain(child))));
  return node;
}

/** An element of a drawing. */
export function svg(tag, properties = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Sets a text if it is another one: a screen that does not change is not drawn again. */
export function text(node, value) {
  const wanted = plain(value);
  if (node.textContent !== wanted) node.textContent = wanted;
}

/** Sets or takes away an attribute, if that changes anything. */
export function attribute(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, value);
  }
}

/** Keeps one child for each entry, by its key, in the order of the entries; what stays is not made anew, so it keeps the focus. */
export function keep(parent, entries, key, make, update) {
  parent.kept ??= new Map();
  const seen = new Set();
  let before = null;
  for (const entry of entries) {
    const name = key(entry);
    seen.add(name);
    let node = parent.kept.get(name);
    if (!node) {
      node = make(entry);
      parent.kept.set(name, node);
    }
    update(node, entry);
    const next = before ? before.nextSibling : parent.firstChild;
    if (next !== node) parent.insertBefore(node, next);
    before = node;
  }
  for (const [name, node] of parent.kept) {
    if (!seen.has(name)) {
      node.remove();
      parent.kept.delete(name);
    }
  }
}
