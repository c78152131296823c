import type { components } from '../../../api/generated';
import { accountPath, http } from '../../../api/http';
import type { Id } from '../../../api/types';

export type DashboardApp = components['schemas']['DashboardApp'];
const path = (account: Id, id?: Id, rest = '') => accountPath(account, `dashboard_apps${id === undefined ? '' : `/${id}`}${rest}`);
export const fetchDashboardApps = (account: Id) => http.get<DashboardApp[]>(path(account));
export const saveDashboardApp = (account: Id, id: Id | undefined, app: { title: string; content: { type: string; url: string }[] }) => (id === undefined ? http.post<DashboardApp>(path(account), app) : http.patch<DashboardApp>(path(account, id), app));
export const deleteDashboardApp = (account: Id, id: Id) => http.delete(path(account, id));
/** The page of ours that holds the app's own. */
export const frameAddress = (account: Id, id: Id): string => path(account, id, '/frame');
