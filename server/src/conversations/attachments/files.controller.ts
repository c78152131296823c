import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { ApiParam, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { once } from 'node:events';
import { z } from 'zod';
import { Public } from '../../identity/access/access.decorators.js';
import { answers } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { Log } from '../../platform/logging/log.js';
import { kindOf } from '../../platform/storage/content-type.js';
import { FileAddresses } from '../../platform/storage/file-addresses.js';
import { contentDisposition, safeFileName } from '../../platform/storage/file-name.js';
import { FileStore } from '../../platform/storage/file-store.js';
import { byteRangeOf } from './byte-range.js';

const Bytes = z.custom<Buffer>().meta({ type: 'string', format: 'binary' });

/** Hands out stored files to whoever holds a signed address. A file never runs as a page of ours, whatever it holds. */
@Public()
@Controller('files')
export class FilesController {
  constructor(private readonly addresses: FileAddresses, private readonly store: FileStore, private readonly log: Log) {}

  @Get(':token/:name')
  @ApiParam({ name: 'token', type: String })
  @ApiParam({ name: 'name', type: String })
  @ApiProduces('application/octet-stream')
  @answers(Bytes, { description: 'The file, or the part of it that the Range header names' })
  async show(@Param('token') token: string, @Param('name') name: string, @Headers() headers: Record<string, string | undefined>, @Res() reply: FastifyReply): Promise<void> {
    const { storageKey, contentType, secondsLeft } = this.addresses.read(token);
    const file = await this.store.open(storageKey);
    if (!file) throw notFound();
    const shown = kindOf(contentType) !== 'file';
    // Bytes under a key never change, so the key is as good a tag as their hash.
    const etag = `"${storageKey.slice(storageKey.lastIndexOf('/') + 1)}"`;
    void reply.headers({
      'Content-Type': shown ? contentType : 'application/octet-stream',
      'Content-Disposition': contentDisposition(shown ? 'inline' : 'attachment', safeFileName(name)),
      'Content-Security-Policy': "sandbox; default-src 'none'", 'Cross-Origin-Resource-Policy': 'cross-origin',
      'Cache-Control': `private, max-age=${secondsLeft}, immutable`, ETag: etag, 'Accept-Ranges': 'bytes',
    });
    if (headers['if-none-match'] === etag) return void reply.status(304).send();
    const fresh = headers['if-range'] === undefined || headers['if-range'] === etag;
    const range = fresh ? byteRangeOf(headers['range'], file.size) : undefined;
    if (range === 'unsatisfiable') return void reply.status(416).header('Content-Range', `bytes */${file.size}`).send();
    const bytes = file.read(range);
    // What cannot be opened from its first byte is answered as such.
    await once(bytes, 'readable');
    // Later the line just breaks, as the length is said already: never are there other bytes than those that were stored.
    bytes.on('error', (error) => this.log.error('a stored file is damaged', { error }));
    if (range) void reply.status(206).header('Content-Range', `bytes ${range.start}-${range.end}/${file.size}`);
    void reply.header('Content-Length', range ? range.end - range.start + 1 : file.size).send(bytes);
  }
}
