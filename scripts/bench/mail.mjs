import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { provideDovecot, runDovecot } from '../lib/dovecot.mjs';
import { freePort } from '../lib/ports.mjs';
import { call, now, tokenOf } from './rig.mjs';

const MAILS = 1000;
const BYTES = 50_000;
/** Who owns the mailbox: nobody. */
const OWNER = 65_534;
const GIVE_UP_MS = 180_000;

/** Mails per second from a mailbox on a real IMAP server into conversations, files and all. */
export async function benchMail({ server, owner, report, small }) {
  report.title(`Mail (${MAILS.toLocaleString('en')} mails of ${BYTES / 1000} kB, from IMAP into conversations)`);
  const program = await provideDovecot({ mayInstall: true });
  if (!program || process.getuid() !== 0) return process.stdout.write('  Dovecot cannot be run here (Debian: dovecot-imapd, as root), so this was not measured\n');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'porchlight-bench-imap-'));
  fs.chmodSync(folder, 0o755);
  fillMailbox(path.join(folder, 'mail/bench'));
  const port = await freePort();
  const dovecot = await startDovecot(program, folder, port);
  try {
    const token = await tokenOf(owner, small.administratorId);
    const before = peakMemory(server.pid);
    const began = now();
    const inbox = await call(server, token, 'POST', `/api/v1/accounts/${small.accountId}/inboxes`, {
      name: 'Mail', channel: { type: 'email', email: 'bench@desk.example', imap_enabled: true, imap_address: '127.0.0.1', imap_port: port, imap_enable_ssl: false, imap_login: 'bench', imap_password: 'bench' },
    });
    let first;
    let done = 0;
    while (done < MAILS) {
      if (now() - began > GIVE_UP_MS) throw new Error(`Only ${done} of ${MAILS} mails became messages.`);
      await new Promise((resolve) => { setTimeout(resolve, 20); });
      done = (await owner.query('SET ROLE porchlight_system; SELECT count(*)::int AS n FROM mail_messages WHERE inbox_id = ' + Number(inbox.id)))[1].rows[0].n;
      // Up to here the mailbox was found, connected to and listed.
      if (done > 0) first ??= { at: now(), done };
    }
    report.figure('from the first mail to the last', (MAILS - first.done) / ((now() - first.at) / 1000), 'per s', { atLeast: 50 });
    report.figure('memory that the process took for it', Math.max(0, peakMemory(server.pid) - before) / 1024, 'MB', { atMost: 600 });
    await call(server, token, 'DELETE', `/api/v1/accounts/${small.accountId}/inboxes/${inbox.id}`);
  } finally {
    await owner.query('RESET ROLE');
    process.kill(-dovecot.pid, 'SIGKILL');
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function fillMailbox(box) {
  for (const part of ['tmp', 'cur', 'new']) fs.mkdirSync(path.join(box, part), { recursive: true });
  for (let n = 0; n < MAILS; n++) fs.writeFileSync(path.join(box, 'new', `${1_700_000_000 + n}.M${n}P1.bench`), mail(n));
  const own = (file) => {
    fs.chownSync(file, OWNER, OWNER);
    if (fs.statSync(file).isDirectory()) for (const name of fs.readdirSync(file)) own(path.join(file, name));
  };
  own(path.dirname(box));
}

/** A letter as people send it: plain and HTML with what it answers, and a file. */
function mail(n) {
  const sentence = 'We would like to know whether the pantry is open on Tuesday and who may come. ';
  const html = `<div>${`<p style="color: #222222">${sentence}</p>`.repeat(60)}</div><div class="gmail_quote">On Monday wrote:<blockquote>${`<p>${sentence}</p>`.repeat(40)}</blockquote></div>`;
  const text = `${sentence.repeat(20)}\n\nOn Mon, Mar 2, 2026 at 9:00 AM Desk <bench@desk.example> wrote:\n${`> ${sentence}\n`.repeat(20)}`;
  const head = `From: Person ${n} <person${n}@people.example>\r\nTo: bench@desk.example\r\nSubject: Question ${n}\r\nMessage-ID: <${n}@people.example>\r\nDate: Tue, 3 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=out\r\n\r\n`;
  const body = `--out\r\nContent-Type: multipart/alternative; boundary=alt\r\n\r\n--alt\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n--alt\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}\r\n--alt--\r\n--out\r\nContent-Type: application/pdf; name="form.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
  const room = Math.max(0, BYTES - head.length - body.length - 20);
  return `${head}${body}${randomBytes(Math.floor(room * 0.73)).toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n--out--\r\n`;
}

async function startDovecot(program, folder, port) {
  const file = path.join(folder, 'dovecot.conf');
  fs.writeFileSync(file, `base_dir = ${folder}/run
log_path = ${folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:${folder}/mail/%u
passdb {
  driver = static
  args = password=bench
}
userdb {
  driver = static
  args = uid=${OWNER} gid=${OWNER} home=${folder}/mail/%u
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`);
  const child = runDovecot(program, file);
  for (let tries = 0; tries < 200; tries++) {
    if (await answers(port)) return child;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  throw new Error('Dovecot did not start.');
}

const answers = (port) => new Promise((resolve) => {
  const socket = net.connect(port, '127.0.0.1');
  socket.once('data', () => { socket.destroy(); resolve(true); });
  socket.once('error', () => resolve(false));
});

/** The most memory the process had so far, in kB. */
function peakMemory(pid) {
  return Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}
