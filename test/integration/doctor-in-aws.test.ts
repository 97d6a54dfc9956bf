import { expect, inject, it } from 'vitest'
import { startWorld } from '../e2e/world/world.ts'
import { createEcrRepository, openEcr, putEcrImage } from './testbed/ecr.ts'

const { ecr } = inject('testbed')
const REPOSITORY = 'doctor/web'

it('doctor tells who AWS takes us for, and how ECR is asked', async () => {
  const client = openEcr(ecr)
  const world = await startWorld()
  try {
    await createEcrRepository(client, REPOSITORY)
    await putEcrImage(client, REPOSITORY, ['1.0.0', '1.1.0'])
    const image = `${ecr.host}/${REPOSITORY}`
    await world.deploy({
      name: 'web',
      images: { app: `${image}:1.0.0` },
      rules: { 'image-list': `app=${image}` },
    })
    await world.settle()
    const { code, stdout, stderr } = await world.run(['doctor'], { env: { ...ecr.env } })
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stdout).toMatch(/^aws {9}✓ ok {4}arn:aws:sts::123456789012:\S+ \(.*, AWS default chain\)$/m)
    expect(stdout).toMatch(/✓ ok {4}\S+ answers \(ECR DescribeImages, AWS_ACCESS_KEY_ID\): 2 tags of /)
    expect(stdout + stderr).not.toContain('testing')
  } finally {
    client.destroy()
    await world.close()
  }
})
