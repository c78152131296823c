export interface Highlight {
  text: string;
  hit: boolean;
}

/** Cuts a text at the words of a query; a long text begins shortly before the first hit. */
export function highlighted(text: string, query: string): Highlight[] {
  const words = query.trim().split(/\s+/).filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (words.length === 0) return [{ text, hit: false }];
  const pattern = new RegExp(`(${words.join('|')})`, 'giu');
  const at = text.search(pattern);
  const shown = at > 60 ? `…${text.slice(at - 40)}` : text;
  return shown.split(pattern).map((part, index) => ({ text: part, hit: index % 2 === 1 })).filter((part) => part.text !== '');
}
