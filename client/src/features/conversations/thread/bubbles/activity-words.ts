import type { Message } from '../../../../api/types';

interface Translator { t(key: string, params: Record<string, string>): string; te(key: string): boolean; locale: { value: string } }
interface Activity { key: string; params: Record<string, string> }

/** An activity line in the language of `t`; as it is stored, in the account's language, where there are no words for it. */
export function activityWords(message: Pick<Message, 'content' | 'content_attributes'>, { t, te, locale }: Translator): string {
  const { activity } = message.content_attributes as { activity?: Activity };
  const key = `conversations.activity.${activity?.key}`;
  if (!activity || !te(key)) return message.content ?? '';
  if (activity.params['minutes']) return t(key, { time: spanOfTime(Number(activity.params['minutes']), locale.value) });
  const priority = `conversations.activity.priorities.${activity.params['priority']}`;
  return t(key, te(priority) ? { ...activity.params, priority: t(priority, {}) } : activity.params);
}

/** In whole days or hours where they are whole. */
function spanOfTime(minutes: number, language: string): string {
  const [unit, size] = minutes % 1440 === 0 ? ['day', 1440] as const : minutes % 60 === 0 ? ['hour', 60] as const : ['minute', 1] as const;
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(minutes / size);
}
