import { Readable } from 'node:stream';
import { ReceiveMail } from '../../../src/channels/email/receiving/receive-mail.service.js';
import { accountId } from '../../../src/platform/database/account-id.js';
import { SystemWork } from '../../../src/platform/database/unit-of-work.js';
import { eventually } from '../../http.js';
import type { Feature } from '../feature.js';

export default {
  things: {
    mail_repairs: async ({ t, account, inbox }) => {
      const { id } = await t.app.get(ReceiveMail).receive(accountId(account.id), inbox.id, { source: 'http', bytes: Readable.from([Buffer.from(`no mail ${Math.random()}`)]), envelope: {} });
      // The job that reads it comes first, or it would change the row later.
      await eventually('the mail was read', async () => (await t.app.get(SystemWork).sql('SELECT FROM mail_raws WHERE account_id = $1 AND id = $2 AND state <> 0', [account.id, id])).length > 0);
      await t.app.get(SystemWork).sql('UPDATE mail_raws SET state = 2 WHERE account_id = $1 AND id = $2', [account.id, id]);
      return id;
    },
    mail_blocks: async ({ t, account }) => {
      const pattern = `spam${Math.floor(Math.random() * 1e9)}.example`;
      await t.app.get(SystemWork).sql('INSERT INTO mail_blocks (account_id, pattern) VALUES ($1, $2)', [account.id, pattern]);
      return pattern;
    },
  },
  doors: [
    { under: '/mail-pages/', because: 'demands an address that only we can sign' },
    { under: '/hooks/email/', because: 'demands the inbox\'s token' },
    { under: '/{provider}/callback', because: 'demands a state that only we can sign' },
  ],
  routes: {
    // The inbox of the matrix is a chat, which has no mail to check.
    'POST /api/v1/accounts/{account_id}/email_setup/check': { body: { imap: false, smtp: false }, neverTaken: ['inbox_id'] },
    'POST /api/v1/accounts/{account_id}/email_setup/discover': { body: { email: 'help@gmail.com' } },
    'GET /api/v1/accounts/{account_id}/email_setup/dns': { query: { email: 'help@gmail.com' } },
    'POST /api/v1/accounts/{account_id}/{provider}/authorization': { params: () => ({ provider: 'google' }), answers: 404 },
    'GET /{provider}/callback': { params: () => ({ provider: 'google' }), answers: 404 },
    'POST /api/v1/accounts/{account_id}/inboxes/{id}/test_mail': { answers: 404 },
    'GET /api/v1/accounts/{account_id}/inboxes/{id}/test_mail/{test}': { params: () => ({ test: 'none' }), answers: 404 },
    'DELETE /api/v1/accounts/{account_id}/mail_held_addresses/{address}': { params: () => ({ address: 'nobody@example.org' }), answers: 404 },
    'POST /api/v1/accounts/{account_id}/mail_blocks': { body: { pattern: 'spam.example' } },
    'POST /hooks/email/{token}/postmark': { params: () => ({ token: 'none' }), answers: 404 },
    'POST /hooks/email/{token}/mailgun': { params: () => ({ token: 'none' }), answers: 404 },
    'POST /hooks/email/{token}/mailgun/mime': { params: () => ({ token: 'none' }), answers: 404 },
    'POST /hooks/email/{token}/sendgrid': { params: () => ({ token: 'none' }), answers: 404 },
    'POST /hooks/email/{token}/ses': { params: () => ({ token: 'none' }), answers: 404 },
    // Messages of the matrix are chat: there is no mail behind them.
    'GET /api/v1/accounts/{account_id}/conversations/{conversation_id}/messages/{id}/mail': { answers: 404 },
    'GET /api/v1/accounts/{account_id}/conversations/{conversation_id}/messages/{id}/mail/headers': { answers: 404 },
    'GET /api/v1/accounts/{account_id}/conversations/{conversation_id}/messages/{id}/mail/original': { answers: 404 },
    'PUT /api/v1/accounts/{account_id}/conversations/{conversation_id}/messages/{id}/mail/picture_trust': { answers: 404 },
    'GET /mail-pages/{token}': { params: () => ({ token: 'none' }), answers: 404 },
    // The account of the matrix has no mail inbox to send it from.
    'POST /api/v1/accounts/{account_id}/conversations/{conversation_id}/transcript': { body: { email: 'somebody@example.org' }, answers: 422 },
    'POST /hooks/email/{token}': { params: () => ({ token: 'none' }), answers: 404 },
    // Whatever became of it in between, it is no longer to be repaired.
    'POST /api/v1/accounts/{account_id}/inboxes/{inbox_id}/mail_repairs/{id}/retry': { takesOthersAlong: true },
  },
} satisfies Feature;
