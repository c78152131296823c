import { ApiError, errorFromAnswer } from './errors';

type Query = Record<string, string | number | boolean | null | undefined | readonly (string | number)[]>;
interface CallOptions {
  query?: Query;
  signal?: AbortSignal;
}
type Watcher = () => void;
const watchers = { 'session-expired': new Set<Watcher>(), 'mfa-required': new Set<Watcher>() };
const reachability = new Set<(reachable: boolean) => void>();

/** Runs `watcher` when an answer says that the session may be over, or that two-step sign-in must be set up first. */
export function onSessionEvent(event: keyof typeof watchers, watcher: Watcher): () => void {
  watchers[event].add(watcher);
  return () => watchers[event].delete(watcher);
}

/** Tells after each call whether the server could be reached. */
export function onReachability(watcher: (reachable: boolean) => void): () => void {
  reachability.add(watcher);
  return () => reachability.delete(watcher);
}

let prove: () => Promise<string | undefined>;
/** Runs `ask` when the server wants to know once more who is there, then repeats the request; unless `ask` answers why not. */
export function onProofRequired(ask: typeof prove): void {
  prove = ask;
}

/** `/api/v1/accounts/{id}/…` for one account. */
export const accountPath = (accountId: number, path = ''): string => `/api/v1/accounts/${accountId}${path && `/${path}`}`;

/** Adds a query; lists become `name[]=…`, empty values are left out. */
export function withQuery(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    if (Array.isArray(value)) for (const item of value) params.append(`${name}[]`, String(item));
    else params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

function refuse(status: number, body: unknown, retryAfter: string | null, path: string): ApiError {
  const error = errorFromAnswer(status, body, retryAfter);
  // A wrong password is a 401 too, and so is a missing right: the watcher asks for the profile before it believes that all is over.
  if (status === 401 && !path.startsWith('/auth/')) watchers['session-expired'].forEach((watcher) => watcher());
  if (status === 403 && error.code === 'mfa_setup_required') watchers['mfa-required'].forEach((watcher) => watcher());
  return error;
}

async function call<T>(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'X-Requested-With': 'porchlight' };
  const form = body instanceof FormData;
  if (body !== undefined && !form) headers['Content-Type'] = 'application/json';
  let answer: Response;
  try {
    answer = await fetch(withQuery(path, options.query), {
      method, headers, credentials: 'same-origin', signal: options.signal, body: body === undefined ? undefined : form ? body : JSON.stringify(body),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    reachability.forEach((watcher) => watcher(false));
    throw new ApiError(0, '');
  }
  reachability.forEach((watcher) => watcher(true));
  const text = await answer.text();
  const parsed = parse(text);
  if (answer.ok) return parsed as T;
  const error = refuse(answer.status, parsed, answer.headers.get('Retry-After'), path);
  if (error.code !== 'proof_required') throw error;
  const refusal = await prove();
  if (refusal) throw new ApiError(422, refusal, [], error.code);
  return call<T>(method, path, body, options);
}

function parse(text: string): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A proxy's own HTML page: the status still tells what happened.
    return undefined;
  }
}

/** Sends a form with files and reports progress from 0 to 100 (fetch cannot). Aborting rejects with an `AbortError`. */
function upload<T>(method: 'POST' | 'PUT' | 'PATCH', path: string, form: FormData, options: { onProgress?: (percent: number) => void; signal?: AbortSignal } = {}): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('X-Requested-With', 'porchlight');
    request.upload.onprogress = (event) => event.lengthComputable && options.onProgress?.(Math.round((event.loaded / event.total) * 100));
    request.onload = () => {
      reachability.forEach((watcher) => watcher(true));
      const parsed = parse(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(parsed as T);
      else reject(refuse(request.status, parsed, request.getResponseHeader('Retry-After'), path));
    };
    request.onerror = () => {
      reachability.forEach((watcher) => watcher(false));
      reject(new ApiError(0, ''));
    };
    request.onabort = () => reject(new DOMException('Upload stopped', 'AbortError'));
    if (options.signal?.aborted) return reject(new DOMException('Upload stopped', 'AbortError'));
    options.signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}

/** The one way to the server: session cookie, CSRF header, typed failures (ApiError). */
export const http = {
  get: <T>(path: string, options?: CallOptions) => call<T>('GET', path, undefined, options),
  post: <T>(path: string, body?: unknown, options?: CallOptions) => call<T>('POST', path, body, options),
  put: <T>(path: string, body?: unknown, options?: CallOptions) => call<T>('PUT', path, body, options),
  patch: <T>(path: string, body?: unknown, options?: CallOptions) => call<T>('PATCH', path, body, options),
  delete: <T = void>(path: string, body?: unknown, options?: CallOptions) => call<T>('DELETE', path, body, options),
  upload,
};
