import { request, type Dispatcher } from 'undici';
import type { Person } from './factories.js';
import type { TestApp } from './test-app.js';

export interface Answer<T = any> { status: number; body: T; headers: Headers } // eslint-disable-line @typescript-eslint/no-explicit-any -- a test looks into any answer

/** Calls the application over HTTP as somebody (or nobody), JSON in and out. */
export async function call<T = any>(t: TestApp, who: Person | null, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> { // eslint-disable-line @typescript-eslint/no-explicit-any -- as above
  const all = { ...who?.headers, ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }), ...headers };
  if (body instanceof FormData) return read(await fetch(t.url + path, { method, headers: all, body, redirect: 'manual' }));
  // Asking costs fetch as much as the application needs to answer.
  const answer = await request(t.url + path, { method: method as Dispatcher.HttpMethod, headers: { 'user-agent': 'node', accept: '*/*', ...all }, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const named = Object.entries(answer.headers).flatMap(([name, value]) => [value ?? []].flat().map((one): [string, string] => [name, one]));
  return read({ status: answer.statusCode, headers: new Headers(named), text: () => answer.body.text() });
}

async function read<T>(response: Pick<Response, 'status' | 'headers' | 'text'>): Promise<Answer<T>> {
  const text = await response.text();
  let parsed: unknown = text;
  if (response.headers.get('content-type')?.includes('json')) parsed = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, body: parsed as T, headers: response.headers };
}

/**
 * Polls until the condition gives something truthy and no expectation in it fails; fails with the label, or with that expectation, after the deadline, which is
 * for what never comes: a busy machine may be many times slower than ours. Any other error ends it at once.
 */
export async function eventually<T>(label: string, probe: () => Promise<T | undefined | false | null> | T | undefined | false | null, timeoutMs = 60_000): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    let disappointed: unknown;
    try {
      const found = await probe();
      if (found) return found;
    } catch (error) {
      if (!isExpectation(error)) throw error;
      disappointed = error;
    }
    if (Date.now() > until) throw disappointed ?? new Error(`Did not happen within ${timeoutMs} ms: ${label}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

const isExpectation = (error: unknown): boolean => error instanceof Error && 'matcherResult' in error;
