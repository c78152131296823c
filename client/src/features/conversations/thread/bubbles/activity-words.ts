import type { Message } from '../../../../api/types';

interface Translator { t(key: string, params: Record<string, string>): string; te(key: string): boolean }
interface Activity { key: string; params: Record<string, string> }

/** An activity line in the language of `t`; as it is stored, in the account's language, where there are no words for it. */
export function activityWords(message: Pick<Message, 'content' | 'content_attributes'>, { t, te }: Translator): string {
  const { activity } = message.content_attributes as { activity?: Activity };
  const key = `conversations.activity.${activity?.key}`;
  if (!activity || !te(key)) return message.content ?? '';
  const priority = `conversations.activity.priorities.${activity.params['priority']}`;
  return t(key, te(priority) ? { ...activity.params, priority: t(priority, {}) } : activity.params);
}
