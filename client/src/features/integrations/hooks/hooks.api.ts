import type { components } from '../../../api/generated';
import { accountPath, http } from '../../../api/http';
import type { Id } from '../../../api/types';

export type IntegrationApp = components['schemas']['IntegrationApp'];
export type Hook = components['schemas']['IntegrationHook'];
export interface HookChanges { status?: boolean; settings?: Record<string, string> }
const path = (account: Id, rest: string) => accountPath(account, `integrations/${rest}`);

export const fetchApps = (account: Id) => http.get<{ payload: IntegrationApp[] }>(path(account, 'apps')).then(({ payload }) => payload);
export const connect = (account: Id, app: string, inbox: Id | null, settings: Record<string, string>) => http.post<Hook>(path(account, 'hooks'), { app_id: app, inbox_id: inbox, settings });
export const changeHook = (account: Id, id: Id, changes: HookChanges) => http.patch<Hook>(path(account, `hooks/${id}`), changes);
export const disconnect = (account: Id, id: Id) => http.delete(path(account, `hooks/${id}`));
