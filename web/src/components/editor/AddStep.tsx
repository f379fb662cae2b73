import PlusOutlined from '@ant-design/icons/es/icons/PlusOutlined'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StepType } from '../../api/types'
import { freeName, newStep } from '../../lib/pipeline-doc/steps'
import { Ticks } from '../../ui/Ticks'
import { useEditor, useWords } from './context'

/** Chooses a type from the catalogue and adds such a step. */
export function AddStep({ list, place }: { list: number; place: number }) {
  const { t } = useTranslation('pipelines')
  const { snapshot, catalogue, change, choose } = useEditor()
  const words = useWords()
  const [open, setOpen] = useState(false)
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const found = catalogue.filter(kind =>
    [kind.type, ...kind.aliases, words(kind.title), words(kind.summary)].some(text =>
      text.toLowerCase().includes(wanted),
    ),
  )
  const categories = [...new Set(found.map(kind => kind.category))].map(category =>
    found.filter(kind => kind.category === category),
  )
  const add = (kind: StepType) => {
    const done = change((draft, view) => {
      const target = view.lists[list]
      if (target) draft.insert(target.path, place, newStep(view, catalogue, kind, freeName(view, words(kind.title))))
    })
    if (!done) return
    choose(snapshot.view.lists.slice(0, list).reduce((sum, one) => sum + one.steps.length, 0) + place)
    setOpen(false)
  }
  return (
    <>
      <Button size="small" type="dashed" block icon={<PlusOutlined />} onClick={() => setOpen(true)}>
        {t('editor.addStep')}
      </Button>
      <Modal
        open={open}
        title={t('editor.addStep')}
        footer={null}
        width={720}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <Input.Search
          autoFocus
          allowClear
          aria-label={t('editor.searchTypes')}
          placeholder={t('editor.searchTypes')}
          onChange={event => setSearch(event.target.value)}
          onSearch={() => found[0] && wanted !== '' && add(found[0])}
        />
        <div className="type-list">
          {categories.map(kinds => (
            <section key={kinds[0]?.category} aria-label={kinds[0] && words(kinds[0].category_title)}>
              <h3>{kinds[0] && words(kinds[0].category_title)}</h3>
              <div className="type-grid">
                {kinds.map(kind => (
                  <button key={kind.type} type="button" className="type-card" onClick={() => add(kind)}>
                    <span className="row between">
                      <b>{words(kind.title)}</b>
                      <code className="muted">{kind.type}</code>
                    </span>
                    <span className="muted small">
                      <Ticks text={words(kind.summary)} />
                    </span>
                    {!kind.available && <span className="tag tone-hold">{kind.unavailable ?? t('editor.notYet')}</span>}
                  </button>
                ))}
              </div>
            </section>
          ))}
          {found.length === 0 && <p className="muted">{t('editor.noType')}</p>}
        </div>
      </Modal>
    </>
  )
}
