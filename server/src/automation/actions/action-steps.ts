import { PRIORITIES, STATUSES, Status, type PriorityName } from '../../conversations/conversation-codes.js';
import { labelTag } from '../../inboxes/label.dto.js';
import { formMoment } from '../../platform/http/schema-fields.js';
import { MAX_FILES } from '../../platform/storage/staged-file.js';
import type { Action } from './action.dto.js';

/** An action that has been read: what there is to do, without a doubt left. */
export type Step =
  | { do: 'message'; content: string; private: boolean }
  | { do: 'labels'; add?: string[]; remove?: string[] }
  | { do: 'assign'; to: number | null | 'self' | 'last_responding_agent' }
  | { do: 'team'; to: number | null }
  | { do: 'mute' }
  | { do: 'status'; status: number; until?: Date }
  | { do: 'priority'; priority: PriorityName | null }
  | { do: 'transcript'; to: string[] }
  | { do: 'mail_team'; teams: number[]; message: string }
  | { do: 'webhook'; url: string }
  | { do: 'files'; files: string[] };

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const id = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
};
const isNothing = (value: unknown): boolean => value === undefined || value === null || value === 'nil' || value === 'none' || value === 0;

/** How long something sleeps; without it, until the contact writes. */
const until = (status: number, value: unknown): { until?: Date } => (status === Status.snoozed ? { until: formMoment.safeParse(value).data } : {});

/** Reads an action; a sentence says what is wrong with it. */
export function stepOf({ action_name: name, action_params: params }: Action): Step | string {
  const [first] = params;
  const texts = params.filter((value) => typeof value === 'string').map((value) => value.trim()).filter((value) => value !== '');
  switch (name) {
    case 'send_message': case 'add_private_note':
      return texts.length > 0 ? { do: 'message', content: String(first), private: name === 'add_private_note' } : 'needs a text';
    case 'add_label': case 'remove_label': {
      const titles = texts.flatMap((title) => labelTag.safeParse(title).data ?? []);
      if (titles.length === 0 || titles.length < texts.length) return 'needs labels: letters, digits, - and _ only';
      return name === 'add_label' ? { do: 'labels', add: titles } : { do: 'labels', remove: titles };
    }
    case 'assign_agent':
      if (first === 'self' || first === 'last_responding_agent') return { do: 'assign', to: first };
      return isNothing(first) ? { do: 'assign', to: null } : wrapped(id(first), (to) => ({ do: 'assign', to }), 'needs an agent');
    case 'remove_assigned_agent': return { do: 'assign', to: null };
    case 'assign_team': return isNothing(first) ? { do: 'team', to: null } : wrapped(id(first), (to) => ({ do: 'team', to }), 'needs a team');
    case 'remove_assigned_team': return { do: 'team', to: null };
    case 'mute_conversation': return { do: 'mute' };
    case 'change_status': return wrapped(statusOf(first), (status) => ({ do: 'status', status, ...until(status, params[1]) }), `needs one of ${STATUSES.join(', ')}`);
    case 'open_conversation': return { do: 'status', status: Status.open };
    case 'pending_conversation': return { do: 'status', status: Status.pending };
    case 'resolve_conversation': return { do: 'status', status: Status.resolved };
    case 'snooze_conversation': return { do: 'status', status: Status.snoozed };
    case 'change_priority':
      if (isNothing(first)) return { do: 'priority', priority: null };
      return PRIORITIES.includes(first as never) ? { do: 'priority', priority: first as PriorityName } : 'needs a priority';
    case 'send_email_transcript': {
      const to = texts.flatMap((list) => list.split(',')).map((address) => address.trim()).filter((address) => address !== '');
      return to.length > 0 && to.length <= 20 && to.every((address) => EMAIL.test(address)) ? { do: 'transcript', to } : 'needs email addresses';
    }
    case 'send_email_to_team': {
      const { team_ids: teams, message } = (typeof first === 'object' && first !== null ? first : {}) as { team_ids?: unknown; message?: unknown };
      const ids = (Array.isArray(teams) ? teams : []).map(id);
      const isWhole = ids.length > 0 && ids.length <= 50 && !ids.includes(undefined) && typeof message === 'string' && message.trim() !== '';
      return isWhole ? { do: 'mail_team', teams: ids as number[], message } : 'needs teams and a message';
    }
    case 'send_attachment': return texts.length > 0 && texts.length <= MAX_FILES && texts.length === params.length ? { do: 'files', files: [...new Set(texts)] } : 'needs uploaded files';
    case 'send_webhook_event': return /^https?:$/.test(URL.parse(texts[0] ?? '')?.protocol ?? '') ? { do: 'webhook', url: texts[0]! } : 'needs a web address';
  }
}

const statusOf = (value: unknown): number | undefined => {
  const code = STATUSES.indexOf(value as never);
  return code >= 0 ? code : undefined;
};
const wrapped = <V>(value: V | undefined, step: (value: V) => Step, otherwise: string): Step | string => (value === undefined ? otherwise : step(value));
