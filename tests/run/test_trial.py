"""Own parts and the trainer's settings, tried by the check: overrides -> what is said."""

import pytest
from omegaconf import OmegaConf

from bakeoff.run.parts.trainer import trainer_mistakes
from bakeoff.sweep.plan import plan
from bakeoff.sweep.preflight import preflight_mistakes


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """The mistakes of a single run of a task."""
    data_dir = tmp_path_factory.mktemp("data")

    def check(*overrides: str, task: str = "classification") -> list[str]:
        small = ["data.sizes={train: 8, val: 4, test: 4}"] if task == "localization" else []
        lines = [f"task={task}", *small, f"data_dir={data_dir}", *overrides]
        return preflight_mistakes(job.config for job in plan("config", lines).candidates)

    return check


ADAMW = "optimizer._target_=torch.optim"


@pytest.mark.parametrize(
    "overrides",
    [
        *[[f"optimizer={name}"] for name in ("sgd", "adam", "adamw", "radam", "nadam", "rmsprop")],
        [f"{ADAMW}.RAdam"],
        ["~optimizer.fused"],
        *[[f"scheduler={name}"] for name in ("one_cycle", "cosine", "step", "plateau", "constant")],
        ["scheduler=null"],
        ["scheduler=plateau", "scheduler.monitor=val/macro_f1"],
        ["scheduler=step", "+scheduler.frequency=2"],
        ["loss._target_=torch.nn.CrossEntropyLoss"],
        ["task.metric.name=macro_f1"],
        ["task.metric.name=loss", "task.metric.direction=min"],
        ["task.metric.name=gap", "task.metric.direction=min", "task.probe.metric=accuracy"],
        ["task.metric.name=cross_entropy", "task.metric.direction=min"],
        [
            "+task.metrics.extra=[{_target_: torchmetrics.classification.MulticlassF1Score, "
            "num_classes: 10}]",
            "task.metric.name=MulticlassF1Score",
        ],
        ["+trainer.callbacks=[{_target_: pytorch_lightning.callbacks.Timer}]"],
        ["+callbacks.time._target_=pytorch_lightning.callbacks.Timer"],
        ["callbacks=[lr_monitor,ema,early_stopping]"],
        ["+trainer.fast_dev_run=true"],
        ["+trainer.overfit_batches=2"],
        ["+trainer.limit_train_batches=0.5", "+trainer.limit_val_batches=1"],
        ["+trainer.accumulate_grad_batches=2"],
        ["+trainer.val_check_interval=0.5"],
        ["+trainer.check_val_every_n_epoch=2"],
        ["trainer.precision=bf16-mixed"],
        ["+trainer.profiler=simple"],
        ["+trainer.num_sanity_val_steps=1", "+trainer.enable_progress_bar=false"],
        ["+trainer.logger._target_=pytorch_lightning.loggers.CSVLogger"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_what_works_passes(checked, overrides):
    assert checked(*overrides) == []


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["optimizer=lbfgs"], "optimizer: LBFGS evaluates each batch several times per step"),
        (["optimizer.lr=-1"], "optimizer: torch.optim.adamw.AdamW: Invalid learning rate: -1"),
        (
            [f"{ADAMW}.SparseAdamm"],
            "optimizer._target_=torch.optim.SparseAdamm: expected a class or function",
        ),
        (
            ["scheduler=step", "+scheduler.max_lr=1"],
            "scheduler.max_lr: torch.optim.lr_scheduler.StepLR has no argument",
        ),
        (["scheduler.pct_start=7"], "scheduler: torch.optim.lr_scheduler.OneCycleLR: Expected float"),
        (["scheduler=plateau", "scheduler.monitor=null"], "+scheduler.monitor=val/accuracy"),
        (["task.metric.name=cross_entropy"], "task.metric.direction=max: of cross_entropy less is"),
        (["task.metric.name=loss"], "task.metric.direction=max: of loss less is better"),
        (["task.metric.name=gap"], "task.metric.name=gap: task classification measures"),
        (["scheduler=plateau", "scheduler.monitor=val/nothing"], "scheduler.monitor=val/nothing: task"),
        (["scheduler=step", "scheduler.interval=batch"], "scheduler.interval is batch: expected step"),
        (["scheduler=plateau", "scheduler.interval=step"], "val/accuracy is measured once an epoch"),
        (["scheduler=cosine", "scheduler.warm_up=2"], "scheduler.warm_up is 2: expected a share"),
        (
            ["loss._target_=torch.nn.L1Loss", "~loss.label_smoothing"],
            "loss: torch.nn.L1Loss cannot compare outputs of shape (2, 10) with targets of shape (2,)",
        ),
        (
            ["loss._target_=torch.nn.CrossEntropyLoss", "+loss.reduction=none"],
            "loss: got a tensor of shape (2,): expected a scalar",
        ),
        (
            ["task.metric.name=accurate"],
            "task.metric.name=accurate: task classification measures accuracy, cross_entropy, macro_f1, "
            "loss, sparsity; did you mean 'accuracy'",
        ),
        (["task.metric.direction=upwards"], "task.metric.direction=upwards: expected max"),
        (
            [
                "+task.metrics.extra=[{_target_: torchmetrics.classification.MulticlassF1Score, "
                "num_classes: 10, average: null}]"
            ],
            "task.metrics: MulticlassF1Score has shape (10,): expected one number",
        ),
        (["+task.metrics.extra=[{_target_: torch.nn.ReLU}]"], "ReLU: expected a Metric of torchmetrics"),
        (["+trainer.callbacks=[{_target_: torch.nn.ReLU}]"], "trainer.callbacks[0]: expected a pytorch"),
        (["+callbacks._target_=torch.nn.ReLU"], "callbacks: expected callbacks by name"),
        (
            ["callbacks=early_stopping", "callbacks.early_stopping.monitor=val/acc"],
            "callbacks: EarlyStopping: monitor=val/acc: task classification measures val/accuracy",
        ),
        (
            ["callbacks=early_stopping", "callbacks.early_stopping.monitor=val_accuracy"],
            "callbacks: EarlyStopping: monitor=val_accuracy: task classification measures val/accuracy",
        ),
        (["scheduler.max_lr=-1"], "OneCycleLR makes the learning rate -"),
        (["regularization=l2", "regularization.l2=-1"], "regularization: l1 is 0.0, l2 is -1: expected 0"),
        (["trainer.log_every_n_steps=0"], "trainer.log_every_n_steps=0: expected 1 or more"),
        (["+trainer.enable_checkpointing=false"], "trainer.enable_checkpointing=false: the selected run"),
        (["+trainer.limit_test_batches=0.1"], "the sealed test is made with all test data"),
        (["+trainer.limit_val_batches=0"], "trainer.limit_val_batches=0: expected more than 0"),
        (["trainer.max_epochs=-3"], "trainer.max_epochs is -3: expected 1 or more"),
        (["+trainer.check_val_every_n_epoch=9"], "trainer.check_val_every_n_epoch=9: no epoch of"),
        (["trainer.devices=99", "trainer.accelerator=cpu"], "trainer.devices=99: expected 1: a run"),
        (["+trainer.num_nodes=2"], "trainer.num_nodes=2: a run trains on one device"),
        (["trainer.precision=12"], "trainer: cannot make pytorch_lightning.Trainer"),
        (["trainer.precision=16-mixed"], "gradients are scaled, and a fused optimizer"),
        (["+trainer.logger=false"], "trainer.logger=false: TensorBoard's log is part of a run"),
        (["+trainer.logger._target_=torch.nn.ReLU"], "trainer.logger: torch.nn.ReLU is no logger"),
        (["+trainer.profiler=nonsense"], "trainer: cannot make pytorch_lightning.Trainer"),
        (["+trainer.val_check_interval=7.5"], "trainer: cannot make pytorch_lightning.Trainer"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_what_does_not_is_refused_in_one_line(checked, overrides, said):
    [line] = checked(*overrides)
    assert said in line


def test_several_processes_are_refused_where_the_processor_is_chosen(checked, monkeypatch):
    monkeypatch.setattr("torch.accelerator.is_available", lambda: False)
    [line] = checked("trainer.devices=99")
    assert line.startswith("trainer.devices=99: expected 1")


@pytest.mark.parametrize(("accelerator", "number"), [("auto", 1), ("cpu", 0)])
def test_all_devices_are_refused_where_there_are_several(monkeypatch, accelerator, number):
    given = {"max_epochs": 1, "accelerator": accelerator, "devices": "auto"}
    monkeypatch.setattr("torch.accelerator.device_count", lambda: 4)
    assert len(list(trainer_mistakes(OmegaConf.create({"trainer": given})))) == number
    monkeypatch.setattr("torch.accelerator.device_count", lambda: 1)
    assert not list(trainer_mistakes(OmegaConf.create({"trainer": given})))
    given["devices"] = [0, 3]
    assert list(trainer_mistakes(OmegaConf.create({"trainer": given})))


@pytest.mark.parametrize(("devices", "number"), [([0], 0), ([3], 1), ([], 1)])
def test_one_gpu_of_several_is_chosen_in_the_environment(devices, number):
    given = {"max_epochs": 1, "accelerator": "gpu", "devices": devices}
    said = list(trainer_mistakes(OmegaConf.create({"trainer": given})))
    assert ["CUDA_VISIBLE_DEVICES" in line for line in said] == [True] * number


def test_an_accelerator_that_is_not_there_is_refused(checked, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.cuda.device_count", lambda: 0)
    [line] = checked("trainer.accelerator=gpu")
    assert (
        line.startswith("trainer: cannot make pytorch_lightning.Trainer") and "gpu" in line.lower()
    )
