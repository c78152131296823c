import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CONFIG, type Config } from '../../../platform/config/config.js';
import type { ReadMail } from './read-mail.js';
import type { WorkerAnswer } from './read-mail.worker.js';

/** This mail cannot be read, and will not be when tried again as it is. The message is for the repair list. */
export class UnreadableMail extends Error {}

const THREADS = 2;
const SECONDS = 20;
/** Enough for the largest mail with everything unpacked; a thread that wants more is ended, not the process. */
const MEMORY = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 64 };

interface Task { id: number; bytes: Uint8Array; resolve(mail: ReadMail): void; reject(error: Error): void }
interface Thread { worker: Worker; task?: Task; timer?: NodeJS.Timeout }

/** Reads mails in threads, within limits of time and memory. */
@Injectable()
export class MailReader implements OnApplicationShutdown {
  private readonly threads: Thread[] = [];
  private readonly waiting: Task[] = [];
  private nextId = 1;
  private stopped = false;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Throws UnreadableMail. The bytes are handed over and gone from the caller. */
  read(bytes: Uint8Array<ArrayBuffer>): Promise<ReadMail> {
    return new Promise<ReadMail>((resolve, reject) => {
      this.waiting.push({ id: this.nextId++, bytes, resolve, reject });
      this.startNext();
    });
  }

  private startNext(): void {
    if (this.stopped || this.waiting.length === 0) return;
    let thread = this.threads.find((candidate) => !candidate.task);
    if (!thread && this.threads.length < THREADS) thread = this.addThread();
    if (!thread) return;
    const task = this.waiting.shift()!;
    thread.task = task;
    thread.timer = setTimeout(() => this.end(thread, 'Reading this mail took too long.'), SECONDS * 1_000);
    thread.worker.ref();
    thread.worker.postMessage({ id: task.id, bytes: task.bytes }, [task.bytes.buffer as ArrayBuffer]);
  }

  private addThread(): Thread {
    // Where sources are translated while they are loaded, as in tests, a thread needs the same translation.
    const translate = this.config.WORKER_IMPORT;
    const worker = new Worker(new URL(`./read-mail.worker${extname(new URL(import.meta.url).pathname)}`, import.meta.url), {
      resourceLimits: MEMORY, execArgv: translate ? ['--import', translate] : [],
    });
    const thread: Thread = { worker };
    worker.on('message', (answer: WorkerAnswer) => this.answer(thread, answer));
    worker.on('error', (error) => this.end(thread, `Reading this mail failed: ${error.message}`));
    worker.on('exit', () => this.end(thread, 'Reading this mail ended without a result.'));
    this.threads.push(thread);
    return thread;
  }

  private answer(thread: Thread, answer: WorkerAnswer): void {
    const { task } = thread;
    if (task?.id !== answer.id) return;
    clearTimeout(thread.timer);
    thread.task = undefined;
    // A thread without work keeps nobody from stopping.
    thread.worker.unref();
    if ('mail' in answer) task.resolve({ ...answer.mail, files: answer.mail.files.map((file) => ({ ...file, content: Buffer.from(file.content.buffer, file.content.byteOffset, file.content.byteLength) })) });
    else task.reject(new UnreadableMail('notAMail' in answer ? answer.notAMail : `Reading this mail failed: ${answer.failed}`));
    this.startNext();
  }

  /** The thread is lost; its mail is at fault. */
  private end(thread: Thread, reason: string): void {
    const at = this.threads.indexOf(thread);
    if (at === -1) return;
    this.threads.splice(at, 1);
    clearTimeout(thread.timer);
    void thread.worker.terminate();
    thread.task?.reject(new UnreadableMail(reason));
    this.startNext();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.threads.splice(0).map(({ worker }) => worker.terminate()));
  }
}
