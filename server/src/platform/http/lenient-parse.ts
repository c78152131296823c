import type { z } from 'zod';

type Change = { drop: true } | { put: unknown };

/** An answer to a refusal may uncover another, as deep as objects lie in objects. */
const ROUNDS = 3;
const isHolder = (v: unknown): v is Record<PropertyKey, unknown> => typeof v === 'object' && v !== null;

/** What is left of a value in a query: lists without what is empty, and nothing of what is empty altogether. */
const filled = (value: unknown): unknown => {
  const left = Array.isArray(value) ? value.filter((one) => one !== '') : value;
  return left === '' || (Array.isArray(left) && left.length === 0) ? undefined : left;
};

/** A query as Chatwoot's clients mean it: what has an empty value was not asked for. */
export const withoutEmpty = (query: unknown): unknown =>
  (isHolder(query) ? Object.fromEntries(Object.entries(query).map(([key, value]) => [key, filled(value)] as const).filter(([, value]) => value !== undefined)) : query);

/**
 * Checks a body, and where the schema refuses it tries again as Chatwoot's clients mean it: null is the same as leaving a field out, and a whole number serves
 * as text. What the schema takes stays as it is: null where it means something; and a required field stays required.
 */
export async function parseLeniently<S extends z.ZodType>(schema: S, body: unknown): Promise<z.ZodSafeParseResult<z.output<S>>> {
  const first = await schema.safeParseAsync(body);
  let result = first;
  let given = body;
  for (let round = 0; round < ROUNDS && !result.success; round += 1) {
    const better = result.error.issues.reduce(mended, given);
    if (better === given) break;
    given = better;
    result = await schema.safeParseAsync(given);
  }
  if (result.success || first.success) return result;
  // Whoever sent null for a required field reads what was wrong with it, not that it was left out.
  const told = new Map(first.error.issues.map((issue) => [issue.path.join('.'), issue]));
  result.error.issues.forEach((issue, n, all) => { all[n] = told.get(issue.path.join('.')) ?? issue; });
  return result;
}

/** The same body without what is refused there; the body itself when nothing can be done. */
function mended(body: unknown, issue: z.core.$ZodIssue): unknown {
  if (issue.path.length === 0 || !isHolder(body)) return body;
  const change = (found: unknown): Change | undefined => {
    if (found === null) return { drop: true };
    return issue.code === 'invalid_type' && issue.expected === 'string' && Number.isSafeInteger(found) ? { put: String(found) } : undefined;
  };
  const here = changedAt(body, issue.path, change);
  if (here !== body || Array.isArray(body)) return here;
  // A body may be wrapped in the name of its resource.
  return Object.keys(body).reduce((known, wrapper) => {
    const inner = known[wrapper];
    const changed = isHolder(inner) && !Array.isArray(inner) ? changedAt(inner, issue.path, change) : inner;
    return changed === inner ? known : { ...known, [wrapper]: changed };
  }, body);
}

function changedAt(value: Record<PropertyKey, unknown>, [key, ...rest]: readonly PropertyKey[], change: (found: unknown) => Change | undefined): Record<PropertyKey, unknown> {
  if (key === undefined || !Object.hasOwn(value, key)) return value;
  const found = value[key];
  const next = rest.length === 0 ? change(found) : isHolder(found) ? { put: changedAt(found, rest, change) } : undefined;
  if (!next || ('put' in next && next.put === found)) return value;
  // What a list holds has its place: nothing is taken out of it.
  if (Array.isArray(value)) return ('put' in next ? value.with(Number(key), next.put) : value) as unknown as Record<PropertyKey, unknown>;
  return 'put' in next ? { ...value, [key]: next.put } : Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}
