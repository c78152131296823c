import type { components } from '../../../api/generated';
import { accountPath, http } from '../../../api/http';
import type { Id } from '../../../api/types';

type Schemas = components['schemas'];
export type ShownMail = Schemas['ShownMail'];
export type MailHeaderLine = Schemas['MailHeaderLines']['payload'][number];

const path = (account: Id, conversation: Id, message: Id, rest = '') => accountPath(account, `conversations/${conversation}/messages/${message}/mail${rest}`);

export const fetchMail = (account: Id, conversation: Id, message: Id, pictures = false) => http.get<ShownMail>(path(account, conversation, message), { query: pictures ? { pictures: 'true' } : {} });
export const fetchMailHeaders = (account: Id, conversation: Id, message: Id) => http.get<{ payload: MailHeaderLine[] }>(path(account, conversation, message, '/headers')).then(({ payload }) => payload);
export const trustPictures = (account: Id, conversation: Id, message: Id, trusted: boolean) => http.put<ShownMail>(path(account, conversation, message, '/picture_trust'), { trusted });

/** Where the mail can be had as it came. */
export const originalAddress = (account: Id, conversation: Id, message: Id) => path(account, conversation, message, '/original');
