import { AsyncLocalStorage } from 'node:async_hooks';

/** The request that is being answered, and who asks once a guard has found out ('user 5'). */
export interface RequestContext { id: string; address: string; actor?: string }

const requests = new AsyncLocalStorage<RequestContext | undefined>();

/** Runs everything that follows as part of this request: its log lines carry the id that the caller got as X-Request-Id. */
export const asRequest = (context: RequestContext, next: () => void): void => requests.run(context, next);
/** Runs work that no request asked for, whoever happened to start it. */
export const asBackground = <T>(work: () => T): T => requests.run(undefined, work);
export const currentRequest = (): RequestContext | undefined => requests.getStore();
/** The request that is being answered, if any. */
export const currentRequestId = (): string | undefined => requests.getStore()?.id;
