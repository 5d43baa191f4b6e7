// The words of a page, in its language.

const language = document.documentElement.lang;
const words = await (await fetch(`/assets/${language}.json`)).json();

/** A text by its name; {name} in it stands for what is given. */
export function say(name, given = {}) {
  const text = words[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key) => given[key] ?? "");
}

/** The word for something that the module names; its own word where we have none. */
export function sayOf(kind, word) {
  return words[`${kind}.${word}`] ?? String(word).toLowerCase().replaceAll("_", " ");
}
