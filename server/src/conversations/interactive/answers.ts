import { z } from 'zod';
import { invalid, type Problem } from '../../platform/http/problem.js';
import { email, text } from '../../platform/http/schema-fields.js';
import type { FieldItem, OptionItem } from '../../channels/contract/interactive-items.js';

const scalar = z.union([text(10_000), z.number(), z.boolean()]);
const Chosen = z.array(z.object({ title: scalar.nullish(), value: scalar.nullish() })).min(1).max(100);
const Filled = z.array(z.object({ name: text(255), value: scalar.nullish() })).max(50);
/** Longest answer in one line. */
const MAX_LINE = 1000;

const refuse = (message: string, name?: string): Problem => invalid(name === undefined ? 'submitted_values' : `submitted_values.${name}`, message);
const same = (one: unknown, other: unknown): boolean => String(one) === String(other);

/** What was chosen, in the words of the question: `[{title, value}]`. Throws a Problem for what was not offered. */
export function takeChoice(items: OptionItem[], submitted: unknown): { title: string; value: unknown }[] {
  const given = Chosen.safeParse(submitted);
  if (!given.success) throw refuse('must be a list of chosen options');
  const chosen = given.data.map(({ title, value }) => {
    const offered = items.filter((item) => (value === undefined || value === null ? same(item.title, title) : same(item.value, value)));
    const item = offered.find((one) => same(one.title, title)) ?? offered[0];
    if (!item) throw refuse('was not offered');
    return { title: item.title, value: item.value };
  });
  if (chosen.length > 1) throw refuse('must be one option');
  return chosen;
}

/** Whether a text has the form that a pattern asks for. */
export type Matches = (pattern: string, value: string) => boolean;

/** What was filled in, field by field as asked: `[{name, value}]`. Throws a Problem that names the field at fault. */
export function takeFields(items: FieldItem[], submitted: unknown, matches: Matches): { name: string; value: unknown }[] {
  const given = Filled.safeParse(submitted);
  if (!given.success) throw refuse('must be a list of names and values');
  const stranger = given.data.find(({ name }) => !items.some((item) => item.name === name));
  if (stranger) throw refuse('was not asked for', stranger.name);
  return items.map((item) => ({ name: item.name, value: taken(item, given.data.find(({ name }) => name === item.name)?.value ?? '', matches) }));
}

function taken(item: FieldItem, given: string | number | boolean, matches: Matches): unknown {
  const value = String(given).trim();
  if (value === '') {
    if (item.required) throw refuse('cannot be empty', item.name);
    return '';
  }
  if (item.type === 'select') {
    const choice = item.options?.find((option) => same(option.value, given));
    if (!choice) throw refuse('was not offered', item.name);
    return choice.value;
  }
  if (item.type !== 'text_area' && value.length > MAX_LINE) throw refuse(`is longer than ${MAX_LINE} characters`, item.name);
  if (item.type === 'email' && !email.safeParse(value).success) throw refuse('is not an email address', item.name);
  if (item.pattern && !matches(item.pattern, value)) throw refuse(item.pattern_error ?? item.title ?? 'does not have the expected form', item.name);
  return value;
}
