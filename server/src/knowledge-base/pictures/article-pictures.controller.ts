import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiParam, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../../identity/access/access.decorators.js';
import { answers } from '../../platform/http/answers.js';
import { notFound } from '../../platform/http/problem.js';
import { ArticlePictures } from './article-pictures.service.js';

const Picture = z.custom<Buffer>().meta({ type: 'string', format: 'binary' });

/** Pictures of articles, for whoever reads them. */
@Public()
@Controller('help-pictures')
export class ArticlePicturesController {
  constructor(private readonly pictures: ArticlePictures) {}

  @Get(':account/:name')
  @ApiParam({ name: 'account', type: String })
  @ApiParam({ name: 'name', type: String })
  @ApiProduces('image/webp')
  @answers(Picture, { description: 'A WebP picture' })
  async show(@Param('account') account: string, @Param('name') name: string, @Res() reply: FastifyReply): Promise<void> {
    const picture = await this.pictures.read(account, name);
    if (!picture) throw notFound();
    void reply.headers({
      'Content-Type': 'image/webp', 'Content-Security-Policy': "sandbox; default-src 'none'", 'Cross-Origin-Resource-Policy': 'same-site', 'Cache-Control': 'public, max-age=31536000, immutable',
    }).send(picture);
  }
}
