import { call, type Answer } from '../http.js';
import type { Description } from './description.js';
import { sentAs, WAYS, type Way } from './bodies.js';
import { CALLERS_WHO_MAY, pathOf, type Given, type Operation } from './operation.js';
import { misfits } from './shapes.js';
import type { Caller, World } from './world.js';

const EVERYBODY: Caller[] = ['administrator', 'agent', 'bot', 'foreigner', 'nobody'];
const AT_ONCE = 4;

export interface Walked { processed: number; problems: string[] }

/** Calls each operation as everybody: whoever may gets what is documented and it has happened; whoever may not is refused. */
export async function walk(w: World, operations: readonly Operation[], description?: Description): Promise<Walked> {
  return sideBySide(operations.flatMap((operation) => callersOf(operation).map((caller) => ({
    name: `${operation.name} as ${caller}`, step: () => step(w, operation, caller, { description }),
  }))));
}

/** Sends the body of each operation in every way that clients have, to paths with a slash at the end, with a header too many and by PUT for PATCH: the same must come of it. */
export async function walkBodies(w: World, operations: readonly Operation[]): Promise<Walked> {
  return sideBySide(operations.filter(({ body }) => body).flatMap((operation) => WAYS.map((way) => ({
    name: `${operation.name} by ${way}`, step: () => step(w, operation, CALLERS_WHO_MAY[operation.right][0]!, { way }),
  }))));
}

async function sideBySide(steps: { name: string; step: () => Promise<string | undefined> }[]): Promise<Walked> {
  const walked: Walked = { processed: steps.length, problems: [] };
  const waiting = [...steps];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const problem = await next.step().catch((error: unknown) => (error as Error).message.replace(/\u001b\[\d+m/g, ''));
      if (problem !== undefined) walked.problems.push(`${next.name}: ${problem}`);
    }
  }));
  return walked;
}

async function send(w: World, caller: Caller, method: string, path: string, { headers, body }: ReturnType<typeof sentAs>): Promise<Pick<Answer, 'status' | 'body'>> {
  const response = await fetch(w.t.url + path, { method, headers: { ...w.callers[caller]?.headers, authorization: 'Bearer of the same, say some clients', ...headers }, body });
  const text = await response.text();
  return { status: response.status, body: response.headers.get('content-type')?.includes('json') && text !== '' ? JSON.parse(text) as unknown : text };
}

const alsoKnownAs = (method: string): string => (method === 'PATCH' ? 'PUT' : method);

/** What nobody changes is made once. */
function things(w: World, operation: Operation, caller: Caller, mayCall: boolean): Promise<Given> | Given {
  if (!operation.given) return [];
  if (mayCall && (operation.isOwn || !operation.name.startsWith('GET '))) return operation.given(w, caller);
  if (!shared.has(operation)) shared.set(operation, operation.given(w, CALLERS_WHO_MAY[operation.right][0]!));
  return shared.get(operation)!;
}
const shared = new WeakMap<Operation, Promise<Given> | Given>();

const callersOf = ({ right }: Operation): Caller[] => (right === 'anybody' ? ['nobody', 'foreigner'] : right === 'platform' ? ['platform', 'administrator', 'nobody'] : EVERYBODY);

async function step(w: World, operation: Operation, caller: Caller, { description, way }: { description?: Description; way?: Way } = {}): Promise<string | undefined> {
  const mayCall = CALLERS_WHO_MAY[operation.right].includes(caller);
  const given = await things(w, operation, caller, mayCall);
  const [method, path, fields] = [operation.name.split(' ')[0]!, pathOf(operation, w, given), operation.body?.(w, given)];
  const { status, body } = way ? await send(w, caller, way === 'form' ? alsoKnownAs(method) : method, `${path}/`, sentAs(way, operation, fields!)) : await call(w.t, w.callers[caller], method, path, fields);
  // A profile is everybody's own.
  const isOwn = operation.name.endsWith('/api/v1/profile') && caller === 'foreigner';
  if (!isOwn && !mayCall) return refusal(operation, caller, status, body);
  if (status !== (operation.status ?? 200)) return `answered ${status} ${JSON.stringify(body)?.slice(0, 300)}`;
  const wrong = operation.answer === 'nothing' ? (body === undefined || body === '' ? [] : [`answered ${JSON.stringify(body).slice(0, 100)} instead of nothing`]) : [...misfits(operation.answer, body), ...description?.misfits(operation.name, body) ?? []];
  if (wrong.length > 0) return wrong.slice(0, 8).join('; ');
  await operation.effect?.(w, given, body, caller);
  return undefined;
}

/** Chatwoot says 401 where others would say 403, and hides accounts that one does not belong to. */
function refusal({ name }: Operation, caller: Caller, status: number, body: { error?: unknown; errors?: unknown } | undefined): string | undefined {
  const hidden = caller === 'foreigner' && /^\w+ \/api\/v1\/accounts\/\{account_id\}$/.test(name);
  if (status !== 401 && !(hidden && status === 404)) return `was answered ${status} instead of 401`;
  if (caller === 'nobody' && !name.includes('/platform/')) return Array.isArray(body?.errors) ? undefined : `was refused with ${JSON.stringify(body)} instead of errors`;
  return typeof body?.error === 'string' ? undefined : `was refused with ${JSON.stringify(body)} instead of an error`;
}
