import type { components } from '../../../api/generated';
import { accountPath, http } from '../../../api/http';
import type { Id } from '../../../api/types';

export type AgentBot = components['schemas']['AgentBot'];
export interface BotDraft { name: string; description: string | null; outgoing_url: string | null }

const path = (accountId: Id, id?: Id, rest = '') => accountPath(accountId, `agent_bots${id === undefined ? '' : `/${id}`}${rest}`);

export const fetchBots = (accountId: Id) => http.get<AgentBot[]>(path(accountId));
export const fetchBot = (accountId: Id, id: Id) => http.get<AgentBot>(path(accountId, id));
export const saveBot = (accountId: Id, id: Id | undefined, bot: BotDraft) => (id === undefined ? http.post<AgentBot>(path(accountId), bot) : http.patch<AgentBot>(path(accountId, id), bot));
export const deleteBot = (accountId: Id, id: Id) => http.delete(path(accountId, id));
/** The same with its token and secret, for which a fresh proof is asked. */
export const fetchBotSecrets = (accountId: Id, id: Id) => http.get<AgentBot>(path(accountId, id, '/secrets'));
export const resetBotToken = (accountId: Id, id: Id) => http.post<AgentBot>(path(accountId, id, '/reset_access_token'));
export const resetBotSecret = (accountId: Id, id: Id) => http.post<AgentBot>(path(accountId, id, '/reset_secret'));
export function uploadBotFace(accountId: Id, id: Id, file: File, onProgress: (percent: number) => void): Promise<AgentBot> {
  const form = new FormData();
  form.append('avatar', file);
  return http.upload<AgentBot>('PATCH', path(accountId, id), form, { onProgress });
}
export const removeBotFace = (accountId: Id, id: Id) => http.delete<AgentBot>(path(accountId, id, '/avatar'));

/** Which bot answers in the inbox, if any. */
export const fetchInboxBot = (accountId: Id, inboxId: Id) => http.get<{ agent_bot: Partial<AgentBot> }>(accountPath(accountId, `inboxes/${inboxId}/agent_bot`)).then((answer) => answer.agent_bot.id ?? null);
export const setInboxBot = (accountId: Id, inboxId: Id, botId: Id | null) => http.post(accountPath(accountId, `inboxes/${inboxId}/set_agent_bot`), { agent_bot: botId });
