import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiParam, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../../identity/access/access.decorators.js';
import { answers } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { Avatars } from '../../platform/storage/avatars.js';

const Picture = z.custom<Buffer>().meta({ type: 'string', format: 'binary' });

/** Faces, by names nobody can guess. A new picture gets a new name, so browsers may keep them. */
@Public()
@Controller('avatars')
export class AvatarsController {
  constructor(private readonly avatars: Avatars) {}

  @Get(':owner/:name')
  @ApiParam({ name: 'owner', type: String })
  @ApiParam({ name: 'name', type: String })
  @ApiProduces('image/webp')
  @answers(Picture, { description: 'A square WebP picture' })
  async show(@Param('owner') owner: string, @Param('name') name: string, @Res() reply: FastifyReply): Promise<void> {
    const picture = await this.avatars.read(owner, name);
    if (!picture) throw notFound();
    void reply.headers({
      'Content-Type': 'image/webp', 'Content-Security-Policy': "sandbox; default-src 'none'", 'Cross-Origin-Resource-Policy': 'cross-origin',
      'Cache-Control': 'private, max-age=31536000, immutable',
    }).send(picture);
  }
}
