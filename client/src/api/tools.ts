import { asApiError } from './errors';
import type { components } from './generated';
import { accountPath, http } from './http';
import type { Agent, Id } from './types';

type Schemas = components['schemas'];
export type Team = Schemas['Team'];
export type CannedResponse = Schemas['CannedResponse'];
export type Attribute = Schemas['CustomAttribute'];
export type Macro = Schemas['Macro'];
export type Action = Schemas['AutomationAction'];
export type ActionName = Action['action_name'];
export type ActionFile = Schemas['ActionFile'];
export type Condition = Schemas['FilterCondition'];
export type Rule = Schemas['AutomationRule'];
export type RuleEvent = Rule['event_name'];
export type Run = Schemas['AutomationRun'];
export interface DryRun { checked: number; matches: { id: number; contact_name: string; last_message_preview: string | null; last_activity_at: number }[] }

interface Wrapped<T> { payload: T }
const unwrap = <T>(answer: Wrapped<T>): T => answer.payload;

export const fetchTeams = (accountId: Id) => http.get<Team[]>(accountPath(accountId, 'teams'));
export const saveTeam = (accountId: Id, id: Id | undefined, team: { name: string; description: string | null; allow_auto_assign?: boolean }) =>
  (id === undefined ? http.post<Team>(accountPath(accountId, 'teams'), team) : http.patch<Team>(accountPath(accountId, `teams/${id}`), team));
export const deleteTeam = (accountId: Id, id: Id) => http.delete(accountPath(accountId, `teams/${id}`));
export const fetchTeamMembers = (accountId: Id, id: Id) => http.get<Agent[]>(accountPath(accountId, `teams/${id}/team_members`));
export const setTeamMembers = (accountId: Id, id: Id, userIds: Id[]) => http.patch<Agent[]>(accountPath(accountId, `teams/${id}/team_members`), { user_ids: userIds });

export const fetchReplies = (accountId: Id) => http.get<CannedResponse[]>(accountPath(accountId, 'canned_responses'));
export const saveReply = (accountId: Id, id: Id | undefined, reply: { short_code: string; content: string }) =>
  (id === undefined ? http.post<CannedResponse>(accountPath(accountId, 'canned_responses'), reply) : http.patch<CannedResponse>(accountPath(accountId, `canned_responses/${id}`), reply));
export const deleteReply = (accountId: Id, id: Id) => http.delete(accountPath(accountId, `canned_responses/${id}`));

export const fetchAttributes = (accountId: Id) => http.get<Attribute[]>(accountPath(accountId, 'custom_attribute_definitions'));
export const saveAttribute = (accountId: Id, id: Id | undefined, attribute: Partial<Attribute>) =>
  (id === undefined ? http.post<Attribute>(accountPath(accountId, 'custom_attribute_definitions'), attribute) : http.patch<Attribute>(accountPath(accountId, `custom_attribute_definitions/${id}`), attribute));
export const deleteAttribute = (accountId: Id, id: Id) => http.delete(accountPath(accountId, `custom_attribute_definitions/${id}`));

export const fetchMacros = (accountId: Id) => http.get<Wrapped<Macro[]>>(accountPath(accountId, 'macros')).then(unwrap);
export const saveMacro = (accountId: Id, id: Id | undefined, macro: { name: string; visibility: Macro['visibility']; actions: Action[] }) =>
  (id === undefined ? http.post<Wrapped<Macro>>(accountPath(accountId, 'macros'), macro) : http.patch<Wrapped<Macro>>(accountPath(accountId, `macros/${id}`), macro)).then(unwrap);
export const deleteMacro = (accountId: Id, id: Id) => http.delete(accountPath(accountId, `macros/${id}`));
type MacroRun = Schemas['BulkTask'];
const LONGEST_WAIT_MS = 5_000;
/** Runs a macro and waits until it is through: many conversations are done in the background. Answers how many could not be done whole, and what was left out of them. */
export async function executeMacro(accountId: Id, id: Id, conversationIds: Id[]): Promise<MacroRun> {
  let run = unwrap(await http.post<Wrapped<MacroRun>>(accountPath(accountId, `macros/${id}/execute`), { conversation_ids: conversationIds }));
  for (let wait = 500; !run.finished; wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    // While the line is broken it goes on all the same.
    run = await http.get<Wrapped<MacroRun>>(accountPath(accountId, `bulk_actions/${run.id}`)).then(unwrap, (problem: unknown) => {
      if (asApiError(problem).offline) return run;
      throw problem;
    });
  }
  return run;
}

/** For `send_attachment`. Nothing is kept of it for long that no macro or rule names. */
export function uploadActionFile(accountId: Id, file: File): Promise<ActionFile> {
  const form = new FormData();
  form.append('attachment', file);
  return http.upload<ActionFile>('POST', accountPath(accountId, 'upload'), form);
}

export const fetchRules = (accountId: Id) => http.get<Wrapped<Rule[]>>(accountPath(accountId, 'automation_rules')).then(unwrap);
export const fetchRule = (accountId: Id, id: Id) => http.get<Wrapped<Rule>>(accountPath(accountId, `automation_rules/${id}`)).then(unwrap);
export const createRule = (accountId: Id, rule: Partial<Rule>) => http.post<Rule>(accountPath(accountId, 'automation_rules'), rule);
export const updateRule = (accountId: Id, id: Id, rule: Partial<Rule>) => http.patch<Wrapped<Rule>>(accountPath(accountId, `automation_rules/${id}`), rule).then(unwrap);
export const deleteRule = (accountId: Id, id: Id) => http.delete(accountPath(accountId, `automation_rules/${id}`));
export const orderRules = (accountId: Id, ids: Id[]) => http.post<Wrapped<Rule[]>>(accountPath(accountId, 'automation_rules/reorder'), { ids }).then(unwrap);
export const dryRunRule = (accountId: Id, rule: { event_name: RuleEvent; conditions: Condition[] }) => http.post<Wrapped<DryRun>>(accountPath(accountId, 'automation_rules/dry_run'), rule).then(unwrap);
export const fetchRuns = (accountId: Id, id: Id) => http.get<Wrapped<Run[]>>(accountPath(accountId, `automation_rules/${id}/runs`)).then(unwrap);
