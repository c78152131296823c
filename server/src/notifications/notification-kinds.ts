/** What somebody can be told of, by Chatwoot's names and numbers. Missed service levels (6 to 8) keep theirs. */
export const KINDS = {
  conversation_creation: 1, conversation_assignment: 2, assigned_conversation_new_message: 3, conversation_mention: 4, participating_conversation_new_message: 5,
} as const;
export type Kind = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as [Kind, ...Kind[]];

export const kindOf = (code: number): Kind => KIND_NAMES.find((name) => KINDS[name] === code) ?? 'conversation_assignment';

const bit = (kind: Kind): number => 1 << (KINDS[kind] - 1);
/** Kinds as they are stored in one number. */
export const flagsOf = (kinds: readonly Kind[]): number => kinds.reduce((flags, kind) => flags | bit(kind), 0);
export const hasFlag = (flags: number, kind: Kind): boolean => (flags & bit(kind)) !== 0;
export const kindsOf = (flags: number): Kind[] => KIND_NAMES.filter((kind) => hasFlag(flags, kind));

/** How somebody is told who has chosen nothing: all that concerns them in the dashboard, what is meant for them alone by mail and on their devices. */
export const DEFAULT_FLAGS = {
  email_flags: flagsOf(['conversation_assignment', 'conversation_mention']),
  push_flags: flagsOf(['conversation_assignment', 'conversation_mention']),
  in_app_flags: flagsOf(KIND_NAMES.filter((kind) => kind !== 'conversation_creation')),
};
export type Flags = typeof DEFAULT_FLAGS;
