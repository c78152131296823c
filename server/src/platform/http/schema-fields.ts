import { z } from 'zod';
import { isNestedTooDeeply } from './json-depth.js';

const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);

/** Accepts `{"label":{"title":"x"}}` and `{"title":"x"}` alike: dashboards send wrapped, API clients flat. */
export const flatOrWrapped = <S extends z.ZodType>(name: string, schema: S) =>
  z.preprocess((v) => (isObject(v) && isObject(v[name]) ? { ...v, ...(v[name] as object) } : v), schema);

/** An integer, also as text as forms and queries send it. Put .optional() outside. */
export const formInt = z.preprocess((v) => (typeof v === 'string' && /^-?\d{1,15}$/.test(v) ? Number(v) : v), z.int());
/** A boolean, also as the text of a form. Put .optional() outside. */
export const formBool = z.preprocess((v) => (v === 'true' || v === '1' || v === 1 ? true : v === 'false' || v === '0' || v === 0 ? false : v), z.boolean());
/** A list, also given as one single value. */
export const formList = <S extends z.ZodType>(item: S, max = 1000) => z.preprocess((v) => (v === undefined || v === null || Array.isArray(v) ? v : [v]), z.array(item).max(max));
/** JSON, also as the text of a multipart field. */
export const formJson = <S extends z.ZodType>(schema: S) => z.preprocess((v) => {
  if (typeof v !== 'string' || isNestedTooDeeply(v)) return v;
  try { return JSON.parse(v) as unknown; } catch { return v; }
}, schema);

/** Something one may choose in a query. Clients send nothing at all, `null` or an empty text for what is not chosen. */
export const chosen = <S extends z.ZodType>(schema: S) => z.preprocess((v) => (v === '' || v === 'null' ? undefined : v), schema);

const sentenced = new WeakSet<z.ZodType>();
/** A body whose refusal is also told as one sentence, `{error}`, where Chatwoot's clients look for it. */
export const tellsError = <S extends z.ZodType>(schema: S): S => {
  sentenced.add(schema);
  return schema;
};
/** Whether a refusal of this schema is told so too. */
export const isToldAsError = (schema: z.ZodType): boolean => sentenced.has(schema);

/** A moment: seconds since 1970, also as text, or ISO 8601 text. */
export const formMoment = z.preprocess((v) => {
  if (typeof v !== 'string' || /^-?\d{1,15}$/.test(v)) return v;
  const time = /^\d{4}-\d{2}-\d{2}(T|$)/.test(v) ? Date.parse(v) : Number.NaN;
  return Number.isNaN(time) ? v : Math.floor(time / 1000);
}, formInt.pipe(z.int().min(1).max(32_503_680_000, 'is too far away'))).transform((seconds) => new Date(seconds * 1000));

/** A page of a list, from 1; Chatwoot takes 0 for the first as well. Who asks for one beyond the last gets an empty one. */
export const pageNumber = z.preprocess((v) => (v === '0' ? '1' : v), formInt.pipe(z.int().min(1)));

/** A row's id in a path. Anything else is a 404. */
export const pathId = z.string().regex(/^\d{1,15}$/).transform(Number).pipe(z.int().min(1));

// NUL cannot be stored in PostgreSQL text; a lone surrogate is not Unicode and breaks every other reader.
const storable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();
/** Text of at most so many characters that can be stored and read by others. */
export const text = (max: number) => z.string().max(max, `is longer than ${max} characters`).refine(storable, 'holds characters that cannot be stored');
/** A line: trimmed text that is not empty. */
export const line = (max: number) => z.string().trim().min(1, 'cannot be empty').max(max, `is longer than ${max} characters`).refine(storable, 'holds characters that cannot be stored');
// Format marks, spaces, and the letters of Hangul and Braille that show nothing.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Z}\u115f\u1160\u2800\u3164\uffa0]|\ufe0e|\ufe0f/gu;
/** Whether there is anything to see in the text. */
export const isVisible = (text: string | null | undefined): boolean => Boolean(text?.replace(INVISIBLE, ''));
/** A colleague's name: one that can be seen, and that does not turn round what stands beside it. */
export const personName = (max: number) => line(max).refine(isVisible, 'cannot be empty').refine((name) => !/[\u202a-\u202e\u2066-\u2069]/.test(name), 'holds characters that turn the text round');
/** An address, lower-cased as it is stored. */
export const email = z.string().trim().toLowerCase().max(254).pipe(z.email('is not an email address'));

const MAX_JSON = 50_000;
const deepStorable = (v: unknown): boolean => typeof v === 'string' ? storable(v)
  : Array.isArray(v) ? v.every(deepStorable)
    : isObject(v) ? Object.entries(v).every(([k, x]) => storable(k) && deepStorable(x)) : true;
/** A customer's own JSON object, bounded in size. */
export const freeObject = z.record(z.string(), z.unknown()).refine((v) => JSON.stringify(v).length <= MAX_JSON, `is larger than ${MAX_JSON} characters`).refine(deepStorable, 'holds characters that cannot be stored');
