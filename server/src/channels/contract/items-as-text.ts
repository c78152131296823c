import { INTERACTIVE, isInteractive, type ArticleItem, type CardItem, type FieldItem, type OptionItem } from './interactive-items.js';

const line = (text: string): string => text.replace(/\s+/g, ' ').trim();
const link = (text: string, address: string): string => `- ${line(text)}: ${address}`;
const told = (...parts: (string | undefined)[]): string => parts.filter((part) => part !== undefined).join('\n');

const WORDS = {
  input_select: (items: OptionItem[]) => items.map(({ title, description }) => `- ${line(title)}${description ? `: ${line(description)}` : ''}`).join('\n'),
  cards: (items: CardItem[]) => items.map(({ title, description, actions }) => told(
    `**${line(title)}**`, description && line(description), ...actions.map((action) => (action.type === 'link' ? `\n${link(action.text, action.uri)}` : undefined)))).join('\n\n'),
  form: (items: FieldItem[]) => items.map(({ label, options }) => `- ${line(label)}${options ? ` (${options.map((option) => line(option.label)).join(', ')})` : ''}`).join('\n'),
  article: (items: ArticleItem[]) => items.map(({ title, description, link: address }) => `${link(title, address)}${description ? ` (${line(description)})` : ''}`).join('\n'),
};

/** A message as text, with what there is to choose, fill in or read below it: for where it can be shown in no other way. */
export function withItemsAsText(contentType: string, content: string | null, attributes: Record<string, unknown> | null | undefined): string | null {
  if (!isInteractive(contentType)) return content;
  const checked = INTERACTIVE[contentType].safeParse(attributes ?? {});
  if (!checked.success) return content;
  const items = (WORDS[contentType] as (items: unknown) => string)(checked.data.items);
  return content?.trim() ? `${content}\n\n${items}` : items;
}

/** What was answered to it, a line for each. */
export function answersAsText(attributes: Record<string, unknown> | null | undefined): string {
  const [answers, email] = [attributes?.['submitted_values'], attributes?.['submitted_email']];
  if (typeof email === 'string') return `→ ${email}`;
  if (!Array.isArray(answers)) return '';
  const labels = new Map(INTERACTIVE.form.safeParse(attributes).data?.items.map(({ name, label }) => [name, label]));
  return (answers as { title?: unknown; name?: unknown; value?: unknown }[]).map(({ title, name, value }) => (
    typeof name === 'string' ? `→ ${line(labels.get(name) ?? name)}: ${String(value ?? '')}` : `→ ${line(String(title ?? value))}`)).join('\n');
}
