import type { PriorityName, StatusName } from '../conversation-codes.js';

/** What an activity line says: a key that clients translate, and what stands in it. The stored text is for those who do not. */
export type Activity = { /** Whose it was and whose it is now, for those who count. */ assignee?: { from: number | null; to: number | null } } & (
  | { key: `status_${StatusName}`; params: { name: string } }
  | { key: 'snooze_ended'; params: Record<string, never> }
  | { key: 'auto_resolved'; params: { /** For so long nothing was written. */ minutes: string } }
  | { key: 'turn_assigned'; params: { assignee: string } }
  | { key: 'turn_released'; params: Record<string, never> }
  | { key: 'assigned'; params: { name: string; assignee: string } }
  | { key: 'self_assigned' | 'unassigned' | 'priority_removed' | 'muted' | 'unmuted' | 'spam_marked' | 'spam_unmarked'; params: { name: string } }
  | { key: 'team_assigned'; params: { name: string; team: string } }
  | { key: 'team_removed'; params: { name: string } }
  | { key: 'priority_set'; params: { name: string; priority: PriorityName } }
  | { key: 'labels_added' | 'labels_removed'; params: { name: string; labels: string } });
export type ActivityKey = Activity['key'];

type Texts = Record<ActivityKey | `priority.${PriorityName}`, string>;

const en: Texts = {
  auto_resolved: 'Resolved, because nothing was written for {time}',
  turn_assigned: 'It was {assignee}’s turn to take the conversation', turn_released: 'Taken from somebody who no longer sees it',
  team_assigned: 'Assigned to team {team} by {name}', team_removed: '{name} took the conversation from its team',
  status_open: 'Conversation was reopened by {name}', status_resolved: 'Conversation was marked resolved by {name}', status_pending: 'Conversation was marked as pending by {name}',
  status_snoozed: 'Conversation was snoozed by {name}', snooze_ended: 'The snooze has ended and the conversation is open again', assigned: 'Assigned to {assignee} by {name}',
  self_assigned: '{name} self-assigned this conversation', unassigned: 'Conversation unassigned by {name}', priority_set: '{name} set the priority to {priority}',
  priority_removed: '{name} removed the priority', labels_added: '{name} added {labels}', labels_removed: '{name} removed {labels}',
  spam_marked: '{name} marked the conversation as spam', spam_unmarked: '{name} said that this is no spam',
  muted: '{name} has muted the conversation', unmuted: '{name} has unmuted the conversation',
  'priority.low': 'low', 'priority.medium': 'medium', 'priority.high': 'high', 'priority.urgent': 'urgent',
};
const es: Texts = {
  auto_resolved: 'Resuelta, porque no se escribió nada durante {time}',
  turn_assigned: 'Le tocaba a {assignee} atender la conversación', turn_released: 'Retirada de quien ya no puede verla',
  team_assigned: '{name} asignó la conversación al equipo {team}', team_removed: '{name} quitó el equipo de la conversación',
  status_open: '{name} volvió a abrir la conversación', status_resolved: '{name} marcó la conversación como resuelta', status_pending: '{name} marcó la conversación como pendiente',
  status_snoozed: '{name} pospuso la conversación', snooze_ended: 'La pausa ha terminado y la conversación vuelve a estar abierta', assigned: '{name} asignó la conversación a {assignee}',
  self_assigned: '{name} se asignó esta conversación', unassigned: '{name} quitó la asignación de la conversación', priority_set: '{name} cambió la prioridad a {priority}',
  priority_removed: '{name} quitó la prioridad', labels_added: '{name} añadió {labels}', labels_removed: '{name} quitó {labels}',
  spam_marked: '{name} marcó la conversación como spam', spam_unmarked: '{name} dijo que esto no es spam',
  muted: '{name} silenció la conversación', unmuted: '{name} dejó de silenciar la conversación',
  'priority.low': 'baja', 'priority.medium': 'media', 'priority.high': 'alta', 'priority.urgent': 'urgente',
};
const fr: Texts = {
  auto_resolved: 'Résolue : rien n’a été écrit pendant {time}',
  turn_assigned: 'C’était au tour de {assignee} de prendre la conversation', turn_released: 'Retirée à une personne qui ne la voit plus',
  team_assigned: '{name} a attribué la conversation à l’équipe {team}', team_removed: '{name} a retiré l’équipe de la conversation',
  status_open: '{name} a rouvert la conversation', status_resolved: '{name} a marqué la conversation comme résolue', status_pending: '{name} a mis la conversation en attente',
  status_snoozed: '{name} a mis la conversation en veille', snooze_ended: 'La mise en veille est terminée, la conversation est de nouveau ouverte', assigned: '{name} a attribué la conversation à {assignee}',
  self_assigned: '{name} s’est attribué cette conversation', unassigned: '{name} a retiré l’attribution de la conversation', priority_set: '{name} a réglé la priorité sur {priority}',
  priority_removed: '{name} a retiré la priorité', labels_added: '{name} a ajouté {labels}', labels_removed: '{name} a retiré {labels}',
  spam_marked: '{name} a marqué la conversation comme spam', spam_unmarked: '{name} a indiqué que ce n’est pas du spam',
  muted: '{name} a mis la conversation en sourdine', unmuted: '{name} a réactivé la conversation',
  'priority.low': 'basse', 'priority.medium': 'moyenne', 'priority.high': 'haute', 'priority.urgent': 'urgente',
};
const de: Texts = {
  auto_resolved: 'Gelöst, weil {time} lang nichts geschrieben wurde',
  turn_assigned: '{assignee} war an der Reihe und hat die Unterhaltung bekommen', turn_released: 'Jemandem entzogen, der sie nicht mehr sieht',
  team_assigned: '{name} hat die Unterhaltung dem Team {team} gegeben', team_removed: '{name} hat die Unterhaltung ihrem Team entzogen',
  status_open: '{name} hat die Unterhaltung wieder geöffnet', status_resolved: '{name} hat die Unterhaltung als gelöst markiert', status_pending: '{name} hat die Unterhaltung als wartend markiert',
  status_snoozed: '{name} hat die Unterhaltung zurückgestellt', snooze_ended: 'Die Rückstellung ist vorbei, die Unterhaltung ist wieder offen', assigned: '{name} hat die Unterhaltung {assignee} zugewiesen',
  self_assigned: '{name} hat diese Unterhaltung übernommen', unassigned: '{name} hat die Zuweisung aufgehoben', priority_set: '{name} hat die Priorität auf {priority} gesetzt',
  priority_removed: '{name} hat die Priorität entfernt', labels_added: '{name} hat {labels} hinzugefügt', labels_removed: '{name} hat {labels} entfernt',
  spam_marked: '{name} hat die Unterhaltung als Spam markiert', spam_unmarked: '{name} hat gesagt, dass das kein Spam ist',
  muted: '{name} hat die Unterhaltung stummgeschaltet', unmuted: '{name} hat die Stummschaltung aufgehoben',
  'priority.low': 'niedrig', 'priority.medium': 'mittel', 'priority.high': 'hoch', 'priority.urgent': 'dringend',
};
const ar: Texts = {
  auto_resolved: 'حُلّت المحادثة لأنه لم يُكتب فيها شيء لمدة {time}',
  turn_assigned: 'جاء دور {assignee} لتولي المحادثة', turn_released: 'سُحبت ممن لم يعد يراها',
  team_assigned: 'أسند {name} المحادثة إلى فريق {team}', team_removed: 'أزال {name} الفريق من المحادثة',
  status_open: 'أعاد {name} فتح المحادثة', status_resolved: 'وضع {name} علامة على المحادثة بأنها محلولة', status_pending: 'وضع {name} المحادثة قيد الانتظار',
  status_snoozed: 'أجّل {name} المحادثة', snooze_ended: 'انتهى التأجيل والمحادثة مفتوحة من جديد', assigned: 'أسند {name} المحادثة إلى {assignee}',
  self_assigned: 'أسند {name} هذه المحادثة إلى نفسه', unassigned: 'ألغى {name} إسناد المحادثة', priority_set: 'ضبط {name} الأولوية على {priority}',
  priority_removed: 'أزال {name} الأولوية', labels_added: 'أضاف {name} {labels}', labels_removed: 'أزال {name} {labels}',
  spam_marked: 'وضع {name} علامة على المحادثة بأنها بريد مزعج', spam_unmarked: 'قال {name} إن هذا ليس بريدًا مزعجًا',
  muted: 'كتم {name} المحادثة', unmuted: 'ألغى {name} كتم المحادثة',
  'priority.low': 'منخفضة', 'priority.medium': 'متوسطة', 'priority.high': 'عالية', 'priority.urgent': 'عاجلة',
};
const TEXTS: Record<string, Texts> = { en, es, fr, de, ar };

/** The line in a language of ours, or in English. Regions are ignored: `pt_BR` is not ours, `es-MX` is Spanish. */
export function activityText(activity: Activity, locale: string): string {
  const language = locale.toLowerCase().split(/[-_]/)[0]!;
  const texts = TEXTS[language] ?? en;
  const params: Record<string, string> = { ...activity.params };
  if (activity.key === 'auto_resolved') params['time'] = spanOfTime(Number(activity.params.minutes), TEXTS[language] ? language : 'en');
  if ('priority' in activity.params) params['priority'] = texts[`priority.${activity.params.priority}`];
  return texts[activity.key].replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
}

/** In whole days or hours where they are whole. */
function spanOfTime(minutes: number, language: string): string {
  const [unit, size] = minutes % 1440 === 0 ? ['day', 1440] as const : minutes % 60 === 0 ? ['hour', 60] as const : ['minute', 1] as const;
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(minutes / size);
}
