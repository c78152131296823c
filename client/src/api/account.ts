import { accountPath, http } from './http';
import type { Account, Agent, Id, Label, Role } from './types';

export const fetchAccount = (accountId: Id) => http.get<Account>(accountPath(accountId));
export const updateAccount = (accountId: Id, changes: { name?: string; locale?: string; timezone?: string; audit_log_days?: number; auto_resolve_after?: number | null; auto_resolve_message?: string | null; auto_resolve_ignore_waiting?: boolean }) => http.patch<Account>(accountPath(accountId), changes);

export const fetchAgents = (accountId: Id) => http.get<Agent[]>(accountPath(accountId, 'agents'));
/** Answers with `invitation_url` when no mail is set up and the link has to be handed over by hand. */
export const inviteAgent = (accountId: Id, body: { name: string; email: string; role: Role }) => http.post<Agent>(accountPath(accountId, 'agents'), body);
export const updateAgent = (accountId: Id, id: Id, changes: { role: Role }) => http.patch<Agent>(accountPath(accountId, `agents/${id}`), changes);
export const removeAgent = (accountId: Id, id: Id) => http.delete(accountPath(accountId, `agents/${id}`));
/** `reset_url` is there when no mail is set up. */
export const resetAgentPassword = (accountId: Id, id: Id) => http.post<{ reset_url?: string | null }>(accountPath(accountId, `agents/${id}/reset_password`));

export const fetchLabels = (accountId: Id) => http.get<{ payload: Label[] }>(accountPath(accountId, 'labels')).then((answer) => answer.payload);
export const createLabel = (accountId: Id, label: Omit<Label, 'id'>) => http.post<Label>(accountPath(accountId, 'labels'), label);
export const updateLabel = (accountId: Id, id: Id, label: Partial<Omit<Label, 'id'>>) => http.patch<Label>(accountPath(accountId, `labels/${id}`), label);
export const deleteLabel = (accountId: Id, id: Id) => http.delete(accountPath(accountId, `labels/${id}`));
