import type { components } from '../../api/generated';
import { accountPath, http } from '../../api/http';
import type { Id } from '../../api/types';

export type SystemStatus = components['schemas']['SystemStatus'];
export type Check = SystemStatus['checks'][number];
export type DeadLetter = components['schemas']['DeadLetter'];
export interface DeadLetterPage { meta: { count: number; current_page: number }; payload: DeadLetter[] }

export const fetchSystem = () => http.get<SystemStatus>('/api/v1/system');

/** Where work that was given up is asked for: of one account, or of the whole installation. */
export const lettersOf = (accountId: Id | 'everywhere') => {
  const path = accountId === 'everywhere' ? '/api/v1/system/dead_letters' : accountPath(accountId, 'dead_letters');
  return {
    page: (page: number) => http.get<DeadLetterPage>(path, { query: { page } }),
    retry: (id: Id) => http.post(`${path}/${id}/retry`),
    discard: (id: Id) => http.delete(`${path}/${id}`),
  };
};
