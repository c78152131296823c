import { expect, test } from '@jest/globals';
import { macroToast, type MacroOutcome } from './macro-outcome';

const t = (key: string, named?: Record<string, unknown>): string => `${key.replace('conversations.', '')}${named?.['left'] ? ` [${String(named['left'])}]` : ''}`;
const of = (failed: number, ...actions: MacroOutcome['left_out'][number]['action_name'][]) => macroToast(t, 'Old', { failed, left_out: actions.map((action_name) => ({ action_name })) });

test('what a macro left out is named, each thing once, where there is a word for all of it', () => {
  expect(of(0)).toEqual(['saved.done', { tone: 'done' }]);
  expect(of(2, 'assign_team', 'send_email_to_team', 'assign_team')).toEqual(['saved.partly [ask.team, saved.mailTeam]', { tone: 'failed' }]);
  expect(of(1, 'assign_team', 'send_message')).toEqual(['saved.failed', { tone: 'failed' }]);
  // A conversation that somebody no longer sees was not done at all.
  expect(of(1)).toEqual(['saved.failed', { tone: 'failed' }]);
});
