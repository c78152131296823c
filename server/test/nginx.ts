import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './http.js';
import { freePort } from '../../scripts/lib/ports.mjs';

const program = process.env['TEST_NGINX'];

/** Whether tests can put an nginx in front of several processes here. */
export const nginxAvailable = program !== undefined;

/** A plain nginx: every request and every socket to the next process in turn, as docs/scaling.md shows it. */
export class Nginx {
  private constructor(readonly url: string, private readonly child: ChildProcess, private readonly folder: string) {}

  static async start(ports: number[]): Promise<Nginx> {
    const [port, folder] = [await freePort(), mkdtempSync(join(tmpdir(), 'porchlight-nginx-'))];
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ');
    writeFileSync(join(folder, 'nginx.conf'), `
      daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr crit;
      events { worker_connections 512; }
      http {
        access_log off; ${temporary} client_max_body_size 50m; underscores_in_headers on;
        map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
        upstream porchlight { ${ports.map((p) => `server 127.0.0.1:${p} max_fails=0;`).join(' ')} keepalive 16; keepalive_timeout 2s; }
        server {
          listen 127.0.0.1:${port};
          location / {
            proxy_pass http://porchlight; proxy_http_version 1.1; proxy_read_timeout 90s; proxy_next_upstream error timeout http_502 http_503;
            proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;
          }
        }
      }`);
    const child = spawn(program!, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'inherit'] });
    const url = `http://127.0.0.1:${port}`;
    await eventually('nginx listens', () => fetch(`${url}/health`).then(() => true, () => false));
    return new Nginx(url, child, folder);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
