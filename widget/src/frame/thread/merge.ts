import type { WireMessage } from '../api/wire';

/** `known` with `arrived` in it: one message per id, the newer copy wins, oldest first. */
export function mergeMessages(known: readonly WireMessage[], arrived: readonly WireMessage[]): WireMessage[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of arrived) if (!message.private && message.message_type !== 2) byId.set(message.id, { ...byId.get(message.id), ...message });
  return [...byId.values()].sort((a, b) => a.id - b.id);
}
