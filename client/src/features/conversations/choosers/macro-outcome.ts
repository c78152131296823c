import type { ActionName } from '../../../api/tools';

type Translate = (key: string, named?: Record<string, unknown>) => string;
export interface MacroOutcome { failed: number; left_out: readonly { action_name: ActionName }[] }

/** What macros leave out when it is gone: people, teams, files. */
const WORDS: Partial<Record<ActionName, string>> = { assign_agent: 'ask.assign', assign_team: 'ask.team', send_email_to_team: 'saved.mailTeam', send_attachment: 'attach' };

/** What is said of a macro that was run: that it is done, or what of it is not. */
export function macroToast(t: Translate, name: string, { failed, left_out: leftOut }: MacroOutcome): [string, { tone: 'failed' | 'done' }] {
  if (failed === 0) return [t('conversations.saved.done', { name }), { tone: 'done' }];
  const words = [...new Set(leftOut.map(({ action_name: action }) => WORDS[action]))];
  const left = words.flatMap((word) => (word ? t(`conversations.${word}`) : []));
  if (left.length === 0 || left.length < words.length) return [t('conversations.saved.failed', { name }), { tone: 'failed' }];
  return [t('conversations.saved.partly', { name, left: left.join(', ') }), { tone: 'failed' }];
}
