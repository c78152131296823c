import { AsyncLocalStorage } from 'node:async_hooks';

const requests = new AsyncLocalStorage<string>();

/** Runs everything that follows as part of this request: its log lines carry the id that the caller got as X-Request-Id. */
export const asRequest = (id: string, next: () => void): void => requests.run(id, next);
/** The request that is being answered, if any. */
export const currentRequestId = (): string | undefined => requests.getStore();
