import { messageTypes, type WireMessage, type WirePerson } from '../api/wire';

/** Messages of one sender in a row. */
export interface Group {
  key: number;
  own: boolean;
  sender: WirePerson | null;
  messages: WireMessage[];
}

/** One day of the visitor's calendar. `at` is unix milliseconds of its first message. */
export interface Day {
  key: string;
  at: number;
  groups: Group[];
}

const gap = 5 * 60;

/** Messages by day, then by sender while they follow within five minutes. */
export function groupByDay(messages: readonly WireMessage[]): Day[] {
  const days: Day[] = [];
  let last: WireMessage | undefined;
  for (const message of messages) {
    const at = message.created_at * 1000;
    const key = new Date(at).toDateString();
    let day = days.at(-1);
    if (day?.key !== key) {
      day = { key, at, groups: [] };
      days.push(day);
    }
    const group = day.groups.at(-1);
    const own = message.message_type === messageTypes.incoming;
    const sameVoice = group && last && group.own === own && group.sender?.id === message.sender?.id && message.created_at - last.created_at < gap;
    if (sameVoice) group.messages.push(message);
    else day.groups.push({ key: message.id, own, sender: message.sender ?? null, messages: [message] });
    last = message;
  }
  return days;
}
