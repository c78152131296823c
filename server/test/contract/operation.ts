import type { Caller, World } from './world.js';

/** Who may do it: everybody of the account, its administrators only, members and bots, a platform app, or whoever knows the address. */
export type Right = 'members' | 'administrators' | 'members and bots' | 'platform' | 'anybody';

export const CALLERS_WHO_MAY: Record<Right, readonly Caller[]> = {
  members: ['administrator', 'agent'], administrators: ['administrator'], 'members and bots': ['administrator', 'agent', 'bot'], platform: ['platform'], anybody: ['nobody', 'foreigner'],
};

type Id = number | string;
/** What the call needs: the ids in its path, in order after the account's. */
export type Given = readonly Id[];

/** One documented operation: how it is called, what comes back, and how one sees that it happened. */
export interface Operation {
  name: string;
  right: Right;
  /** A type of shapes.ts; `nothing` for an empty answer. */
  answer: string;
  status?: number;
  /** Makes what is called upon, anew for each caller who changes it. */
  given?: (w: World, caller: Caller) => Promise<Given> | Given;
  /** What one makes only oneself can reach. */
  isOwn?: boolean;
  query?: (w: World, given: Given) => string;
  body?: (w: World, given: Given) => object;
  /** A second look. Throws when the call has not done what it says. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test looks into any answer
  effect?: (w: World, given: Given, answer: any, caller: Caller) => Promise<void> | void;
}

export const operation = (name: string, right: Right, answer: string, rest: Omit<Operation, 'name' | 'right' | 'answer'> = {}): Operation => ({ name, right, answer, ...rest });

/** The path with the account's id and what is given in place of the names in braces. */
export function pathOf({ name, query }: Operation, w: World, given: Given): string {
  const ids = [...given];
  const path = name.split(' ')[1]!.replace(/\{(\w+)\}/g, (_, key: string) =>
    String(key === 'account_id' && !name.includes('/platform/') ? w.account.id : key === 'inbox_identifier' ? w.inbox.inbox_identifier : key === 'contact_identifier' ? w.contact.source_id : ids.shift()));
  return query ? `${path}?${query(w, given)}` : path;
}
