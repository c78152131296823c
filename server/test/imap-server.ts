import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { eventually } from './http.js';
import { freePort } from '../../scripts/lib/ports.mjs';

const program = process.env['TEST_DOVECOT'] ?? ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot'].find((path) => existsSync(path));
/** Whether a Dovecot is here to test against. */
export const hasImapServer = program !== undefined && process.getuid?.() === 0;
/** Who owns the mailboxes: nobody, so that nothing else of this machine is reached. */
const OWNER = 65_534;

/** A Dovecot of one test, with mailboxes in a folder. It may be stopped, and started again on the same port. */
export class ImapServer {
  private process?: ChildProcess;
  private delivered = 0;
  private constructor(readonly port: number, private readonly folder: string) {}

  /** With the address of an introspection endpoint, people also sign in with tokens, in these ways. */
  static async start(introspection?: string, ways = 'xoauth2 oauthbearer'): Promise<ImapServer> {
    const folder = mkdtempSync(join(tmpdir(), 'porchlight-imap-'));
    chmodSync(folder, 0o755);
    const server = new ImapServer(await freePort(), folder);
    mkdirSync(join(folder, 'mail'));
    chownSync(join(folder, 'mail'), OWNER, OWNER);
    if (introspection !== undefined) writeFileSync(join(folder, 'oauth2.conf'), `introspection_url = ${introspection}\nintrospection_mode = post\nforce_introspection = yes\nusername_attribute = username\nactive_attribute = active\nactive_value = true\n`);
    writeFileSync(join(folder, 'dovecot.conf'), `
      base_dir = ${folder}/run
      log_path = ${folder}/log
      protocols = imap
      listen = 127.0.0.1
      ssl = no
      disable_plaintext_auth = no
      first_valid_uid = 1
      mail_location = maildir:${folder}/mail/%u
      mail_max_userip_connections = 50
      auth_failure_delay = 0
      service anvil {
        unix_listener anvil-auth-penalty {
          mode = 0
        }
      }
      ${introspection === undefined ? '' : `auth_mechanisms = plain ${ways}
      passdb {
        driver = oauth2
        mechanisms = ${ways}
        args = ${folder}/oauth2.conf
      }`}
      passdb {
        driver = static
        mechanisms = plain
        args = password=right-password
      }
      userdb {
        driver = static
        args = uid=${OWNER} gid=${OWNER} home=${folder}/mail/%u
      }
      service imap-login {
        inet_listener imap {
          port = ${server.port}
        }
        inet_listener imaps {
          port = 0
        }
        service_count = 0
      }
      namespace inbox {
        inbox = yes
      }
    `);
    await server.up();
    return server;
  }

  async up(): Promise<void> {
    // Beside it, in its group, something reads what nobody writes: when the tests end, however they end, the reading ends, and the group with it.
    this.process = spawn('/bin/sh', ['-c', 'exec 3<&0; (cat <&3; kill -KILL 0) & exec 3<&- < /dev/null "$0" -F -c "$1"', program!, join(this.folder, 'dovecot.conf')], {
      stdio: ['pipe', 'ignore', 'ignore'], detached: true, env: { ...process.env, USER: userInfo().username },
    });
    await eventually('Dovecot to listen', () => answers(this.port));
  }

  /** Ends it with all its connections, as a power cut does. */
  async down(): Promise<void> {
    const child = this.process;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // A group of its own: the processes that hold the connections go too.
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
  }

  /** Puts a mail into somebody's inbox, as a mail server does; also while nobody serves it. */
  deliver(user: string, raw: string, folder = ''): void {
    const box = join(this.folder, 'mail', user, folder);
    for (const part of ['', 'tmp', 'new', 'cur']) {
      mkdirSync(join(box, part), { recursive: true });
      chownSync(join(box, part), OWNER, OWNER);
    }
    chownSync(join(this.folder, 'mail', user), OWNER, OWNER);
    this.delivered += 1;
    const name = `${Math.floor(Date.now() / 1000)}.M${String(this.delivered).padStart(8, '0')}P1.test`;
    writeFileSync(join(box, 'tmp', name), raw);
    chownSync(join(box, 'tmp', name), OWNER, OWNER);
    renameSync(join(box, 'tmp', name), join(box, 'new', name));
  }

  /** Makes the server number everything anew, as after a move to another machine. */
  forgetNumbers(user: string): void {
    rmSync(join(this.folder, 'mail', user, 'dovecot-uidlist'), { force: true });
    for (const file of ['dovecot.index', 'dovecot.index.log', 'dovecot.index.cache', 'dovecot-uidvalidity']) rmSync(join(this.folder, 'mail', user, file), { force: true });
  }

  async stop(): Promise<void> {
    await this.down();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const answers = (port: number): Promise<true | undefined> => new Promise((resolve) => {
  const socket = connect(port, '127.0.0.1');
  socket.once('data', () => { socket.destroy(); resolve(true); });
  socket.once('error', () => resolve(undefined));
});
