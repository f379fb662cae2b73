import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// `ANSFLOW_SERVER=http://127.0.0.1:8080 npm run dev` shows the sources against a running server.
const server = process.env.ANSFLOW_SERVER ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2023', chunkSizeWarningLimit: 1600 },
  server: { host: '127.0.0.1', proxy: { '/api': server, '/healthz': server, '/version': server } },
  test: { environment: 'happy-dom', testTimeout: 30_000, include: ['src/**/*.test.{ts,tsx}'] },
})
