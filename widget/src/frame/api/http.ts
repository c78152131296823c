import { storage } from '../storage';

/** An answer that is not 2xx, or no answer at all (`status` 0). `reason` is the server's own sentence and `field` what it is about, if it said so. */
export class RequestFailed extends Error {
  constructor(readonly status: number, readonly reason: string, readonly retryAfter: number, readonly field?: string) {
    super(reason || `status ${status}`);
  }
}

let token = '';

/** Sets the visitor's token for the requests that follow. */
export function authorize(value: string): void {
  token = value;
}

/** The token and website as the socket wants them. */
export const credentials = (): { website_token: string; token: string } => ({ website_token: storage.websiteToken, token });

/** Asked like this, the server names files by their path: that works by whichever name this page was opened. */
const ownPage = { 'X-Requested-With': 'porchlight' };

const address = (path: string): string =>
  `/api/v1/widget/${path}${path.includes('?') ? '&' : '?'}website_token=${encodeURIComponent(storage.websiteToken)}`;

function failure(status: number, text: string, retryAfter: string | null): RequestFailed {
  let said: { message?: unknown; error?: unknown; attributes?: string[] } = {};
  try {
    said = JSON.parse(text);
  } catch {
    // A proxy's page says nothing a visitor could use.
  }
  return new RequestFailed(status, String(said.message ?? said.error ?? ''), Number(retryAfter) || 0, said.attributes?.[0]);
}

/** One request to the widget API; answers the parsed body, undefined when it is empty. Throws RequestFailed. */
export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address(path), {
      method,
      headers: { ...ownPage, 'X-Auth-Token': token, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
  } catch {
    throw new RequestFailed(0, '', 0);
  }
  const text = await response.text().catch(() => '');
  if (!response.ok) throw failure(response.status, text, response.headers.get('Retry-After'));
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Posts a form with files; `progress` hears shares from 0 to 1. Throws RequestFailed. */
export function upload<T>(path: string, form: FormData, progress: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', address(path));
    xhr.setRequestHeader('X-Auth-Token', token);
    for (const [name, value] of Object.entries(ownPage)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => { if (event.lengthComputable) progress(event.loaded / event.total); };
    xhr.onerror = xhr.onabort = () => reject(new RequestFailed(0, '', 0));
    xhr.onload = () => (xhr.status >= 200 && xhr.status < 300
      ? resolve(JSON.parse(xhr.responseText) as T)
      : reject(failure(xhr.status, xhr.responseText, xhr.getResponseHeader('Retry-After'))));
    xhr.send(form);
  });
}
