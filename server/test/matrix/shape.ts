import type { z } from 'zod';
import { unique } from '../factories.js';

/* Reads zod schemas: which fields a body has, and an example that passes. */

export type Kind = 'text' | 'number' | 'boolean' | 'choice' | 'record' | 'file' | 'object' | 'list' | 'mixed';
/** One field of a body or query. */
export interface Field { /** As errors name it: `message.content`, `labels.0`. */ path: string; kind: Kind; schema: z.ZodType }

type Def = { type: string; [key: string]: any }; // eslint-disable-line @typescript-eslint/no-explicit-any -- zod's own inner form
const defOf = (schema: z.ZodType): Def => (schema as unknown as { _zod: { def: Def } })._zod.def;
const WRAPPERS = new Set(['optional', 'nullable', 'default', 'prefault', 'readonly', 'catch', 'nonoptional']);

/** The schema without what makes it optional or reshapes its input. */
function core(schema: z.ZodType): z.ZodType {
  const def = defOf(schema);
  if (WRAPPERS.has(def.type)) return core(def['innerType']);
  if (def.type === 'lazy') return core(def['getter']());
  if (def.type === 'pipe') return defOf(def['out']).type === 'transform' ? core(def['in']) : core(def['out']);
  return schema;
}

const isOptional = (schema: z.ZodType): boolean => schema.safeParse(undefined).success;
const shapesOf = (schema: z.ZodType): Record<string, z.ZodType> => {
  const def = defOf(core(schema));
  if (def.type === 'intersection') return { ...shapesOf(def['left']), ...shapesOf(def['right']) };
  if (def.type === 'union') return Object.assign({}, ...(def['options'] as z.ZodType[]).map(shapesOf)) as Record<string, z.ZodType>;
  return def.type === 'object' ? def['shape'] as Record<string, z.ZodType> : {};
};

const KINDS: Record<string, Kind> = { string: 'text', number: 'number', boolean: 'boolean', enum: 'choice', literal: 'choice', record: 'record', custom: 'file', object: 'object', array: 'list', intersection: 'object' };
const kindOf = (schema: z.ZodType): Kind => {
  const def = defOf(core(schema));
  if (def.type === 'union' && Object.keys(shapesOf(schema)).length > 0) return 'object';
  return KINDS[def.type] ?? 'mixed';
};

/** Every field of the schema, those inside others too. */
export function fieldsOf(schema: z.ZodType, prefix = ''): Field[] {
  return Object.entries(shapesOf(schema)).flatMap(([name, inner]) => fieldAt(`${prefix}${name}`, inner));
}
function fieldAt(path: string, schema: z.ZodType): Field[] {
  const kind = kindOf(schema);
  const inside = kind === 'object' ? fieldsOf(schema, `${path}.`) : kind === 'list' ? fieldAt(`${path}.0`, defOf(core(schema))['element']) : [];
  return [{ path, kind, schema }, ...inside];
}

/** Text that must stay text wherever it is shown. */
export const HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(1)>';
// No two the same: an account has each number once.
let numbers = 2_000_000;
const texts = (): string[] => [
  `Words ${unique()} ${HOSTILE}`, `word-${unique()}`, `person-${unique()}@example.org`, `+1202${++numbers}`, '#1f93ff', `https://foodbank.example/${unique()}`,
  'foodbank.example', 'Europe/Berlin', 'de', '12:30', '2030-01-02', '2030-01-02T03:04:05Z', '10', '1', '123456', 'en',
];
const NUMBERS = [1, 10, 100, 30, 1_900_000_000, 0.5, 0];

/** A value that passes, as small as possible; fields that name other things are asked for. Undefined when none was found. */
export function sample(schema: z.ZodType, thingAt: (path: string) => number | undefined, path = ''): unknown {
  const def = defOf(core(schema));
  const kind = kindOf(schema);
  const own = kind === 'number' || kind === 'text' ? thingAt(path) : undefined;
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const candidates = own !== undefined ? [own, String(own)]
    : kind === 'object' ? [Object.fromEntries(Object.entries(shapesOf(schema)).filter(([, inner]) => !isOptional(inner)).map(([name, inner]) => [name, sample(inner, thingAt, at(name))]))]
      : kind === 'list' ? [[sample(def['element'], thingAt, at('0'))], []]
        : kind === 'text' ? texts() : kind === 'number' ? [...NUMBERS, ...NUMBERS.map(String)] : kind === 'boolean' ? [true, 'true'] : kind === 'record' ? [{ note: `x ${HOSTILE}` }, {}]
          : kind === 'choice' ? (def.type === 'literal' ? def['values'] : Object.values(def['entries'])) as unknown[]
            : def.type === 'union' ? (def['options'] as z.ZodType[]).map((option) => sample(option, thingAt, path)) : [];
  return candidates.find((candidate) => schema.safeParse(candidate).success);
}

/** A copy of the body with this value at the path. What lies on the way is filled with examples. */
export function withField(body: unknown, path: string, value: unknown): unknown {
  const [head, ...rest] = path.split('.') as [string, ...string[]];
  const inner = rest.length === 0 ? value : withField((body as Record<string, unknown> | undefined)?.[head], rest.join('.'), value);
  return head === '0' ? [inner] : { ...(typeof body === 'object' && body !== null ? body : {}), [head]: inner };
}
