import { Module } from '@nestjs/common';
import { AttachmentsModule } from '../conversations/attachments/attachments.module.js';
import { CountingModule } from '../reports/counting/counting.module.js';
import { DemoToolsRepository } from './demo-tools.repository.js';
import { DemoRepository } from './demo.repository.js';
import { FillDemo } from './fill-demo.service.js';

/** Fills an empty installation for trying. */
@Module({ imports: [AttachmentsModule, CountingModule], providers: [FillDemo, DemoRepository, DemoToolsRepository], exports: [FillDemo] })
export class DemoModule {}
