import { z } from 'zod';
import { formBool, text } from '../../platform/http/schema-fields.js';

const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);
// Clients send nothing, null or an empty text for what they leave out.
const unlessBlank = <S extends z.ZodType>(schema: S) => z.preprocess((v) => (v === '' || v === null ? undefined : v), schema.optional());
/** A text, also given as a number. */
const words = (max: number) => z.preprocess((v) => (typeof v === 'number' ? String(v) : v), text(max).refine((v) => v.trim() !== '', 'cannot be empty'));
/** What a program gets back: kept as it is, so that it knows it again. */
const token = z.union([text(1000), z.number(), z.boolean()], { error: 'must be a text, a number or a boolean' });

/** `example.org/page` is an address to whoever writes it, and a page of ours to a browser. */
const withScheme = (address: string): string => (/^[a-z0-9-]+(\.[a-z0-9-]+)+([/:?#]|$)/i.test(address) ? `https://${address}` : address);
const isWebAddress = (address: string): boolean => /^https?:\/\//i.test(address) && !/[\p{Cc}]/u.test(address) && URL.canParse(address);
const webAddress = text(2048).trim().transform(withScheme).refine(isWebAddress, 'is not a web address like https://example.org');

const list = <S extends z.ZodType>(item: S, max: number) => z.array(item, { error: 'must be a list' }).min(1, 'At least one item is required.').max(max, `has more than ${max} items`);

const Option = z.object({ title: words(500), value: token, description: unlessBlank(words(2000)) });

const Action = z.discriminatedUnion('type', [
  z.object({ type: z.literal('link'), text: words(200), uri: webAddress }),
  z.object({ type: z.literal('postback'), text: words(200), payload: token }),
], { error: 'is neither link nor postback' });
const Card = z.object({ title: words(500), description: unlessBlank(words(2000)), media_url: unlessBlank(webAddress), actions: list(Action, 10) });

const FIELD_TYPES = ['text', 'text_area', 'email', 'select'] as const;
const Choice = z.preprocess((v) => (isObject(v) ? { ...v, label: v['label'] ?? v['value'] } : { label: v, value: v }), z.object({ label: words(500), value: token }));
const pattern = text(500).refine((source) => {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}, 'is not a regular expression');
const Field = z.preprocess((v) => (isObject(v) ? { ...v, label: v['label'] || v['name'], type: v['type'] === 'textarea' ? 'text_area' : v['type'] || 'text' } : v), z.object({
  name: words(255), label: words(500), type: z.enum(FIELD_TYPES, { error: `is not one of ${FIELD_TYPES.join(', ')}` }), placeholder: unlessBlank(words(500)), default: unlessBlank(token),
  required: unlessBlank(formBool), pattern: unlessBlank(pattern), pattern_error: unlessBlank(words(500)), title: unlessBlank(words(500)), options: unlessBlank(list(Choice, 100)),
}).superRefine((field, context) => {
  if (field.type === 'select' && !field.options) context.addIssue({ code: 'custom', path: ['options'], message: 'At least one item is required.' });
}));
const fields = list(Field, 50).superRefine((given, context) => {
  const names = given.map(({ name }) => name);
  names.forEach((name, at) => { if (names.indexOf(name) < at) context.addIssue({ code: 'custom', path: [at, 'name'], message: 'is the name of two fields' }); });
});

const Article = z.object({ title: words(500), description: unlessBlank(words(2000)), link: webAddress });

/** What can be shown to choose from, fill in or read on, by content type. Keys of items that nobody knows are dropped, as nobody has looked at them; other attributes stay. */
export const INTERACTIVE = {
  input_select: z.looseObject({ items: list(Option, 100) }), cards: z.looseObject({ items: list(Card, 20) }),
  form: z.looseObject({ items: fields, button_label: unlessBlank(words(100)) }), article: z.looseObject({ items: list(Article, 50) }),
} as const;
export type InteractiveType = keyof typeof INTERACTIVE;
export type OptionItem = z.infer<typeof Option>;
export type CardItem = z.infer<typeof Card>;
export type FieldItem = z.infer<typeof Field>;
export type ArticleItem = z.infer<typeof Article>;

export const isInteractive = (contentType: string): contentType is InteractiveType => contentType in INTERACTIVE;
