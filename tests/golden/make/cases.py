"""The networks that `unets.py` makes: constructor arguments, inputs, and how each reference is called."""

import importlib
import json
import os
import sys


def built(module, name):
    return lambda case: getattr(importlib.import_module(module), name)(**case["constructor"])


def case(family, name, constructor, x, **told):
    return {"name": name, "constructor": constructor, "x": x, "told": told, **family}


def from_notebook(case):
    """Runs the notebook's cells that define its network."""
    path = next(path for path in (os.path.join(folder, "annotated_diffusion.ipynb") for folder in sys.path) if os.path.exists(path))
    with open(path, encoding="utf8") as handle:
        cells = ["".join(cell["source"]) for cell in json.load(handle)["cells"] if cell["cell_type"] == "code"]
    names = {}
    for source in cells:
        lines = [line for line in source.splitlines() if not line.startswith(("%", "!", "from IPython"))]
        exec("\n".join(line for line in lines if "matplotlib" not in line and "tqdm" not in line), names)
        if "class Unet" in source:
            return names["Unet"](**case["constructor"])
    raise LookupError("the notebook has no Unet")


DIFFUSERS = {
    "reference": "huggingface/diffusers",
    "source": "src/diffusers/models/unets/unet_2d.py",
    "build": built("diffusers.models.unets.unet_2d", "UNet2DModel"),
    "call": lambda model, given: model(given["x"], given["t"], given.get("class_labels")).sample,
}
CONDITION = {
    "reference": "huggingface/diffusers",
    "source": "src/diffusers/models/unets/unet_2d_condition.py",
    "build": built("diffusers.models.unets.unet_2d_condition", "UNet2DConditionModel"),
    "call": lambda model, given: model(
        given["x"], given["t"], given["context"], class_labels=given.get("y"), timestep_cond=given.get("timestep_cond"),
        encoder_attention_mask=given.get("context_mask")).sample,
}
EDM = {
    "reference": "NVlabs/edm",
    "source": "training/networks.py",
    "build": lambda case: getattr(importlib.import_module("training.networks"), case["constructor"]["model_type"])(
        **{key: value for key, value in case["constructor"].items() if key != "model_type"}),
    "call": lambda model, given: model(given["x"], given["t"], given.get("class_labels"), given.get("augment_labels")),
}
DIT = {
    "reference": "facebookresearch/DiT",
    "source": "models.py",
    "build": built("models", "DiT"),
    "call": lambda model, given: model(given["x"], given["t"], given["y"]),
}
GUIDED = {
    "reference": "openai/guided-diffusion",
    "source": "guided_diffusion/unet.py",
    "build": built("guided_diffusion.unet", "UNetModel"),
    "call": lambda model, given: model(given["x"], given["t"], given.get("y")),
}
IMPROVED = {
    **GUIDED,
    "reference": "openai/improved-diffusion",
    "source": "improved_diffusion/unet.py",
    "build": built("improved_diffusion.unet", "UNetModel"),
}
LUCID = {
    "reference": "lucidrains/denoising-diffusion-pytorch",
    "source": "denoising_diffusion_pytorch/denoising_diffusion_pytorch.py, class Unet",
    "build": lambda case: importlib.import_module("denoising_diffusion_pytorch.denoising_diffusion_pytorch").Unet(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in case["constructor"].items()}),
    "call": lambda model, given: model(given["x"], given["t"], given.get("x_self_cond")),
}

ANNOTATED = {
    "reference": "huggingface/notebooks",
    "source": "examples/annotated_diffusion.ipynb, class Unet",
    "build": from_notebook,
    "call": lambda model, given: model(given["x"], given["t"]),
}


def tokens(batch, length, width):
    """A context of numbers between -1 and 1."""
    count = batch * length * width
    flat = [((37 * i) % 101) / 50.5 - 1 for i in range(count)]
    rows = [flat[i:i + width] for i in range(0, count, width)]
    return [rows[i:i + length] for i in range(0, batch * length, length)]


SONG = {"model_type": "SongUNet", "img_resolution": 16, "in_channels": 3, "out_channels": 3, "model_channels": 16,
        "channel_mult": [1, 2], "num_blocks": 1, "attn_resolutions": [8], "dropout": 0.1}

CASES = [
    case(DIFFUSERS, "diffusers_ncsnpp_skip_fourier", {
        "in_channels": 3, "out_channels": 3, "center_input_sample": True, "time_embedding_type": "fourier",
        "down_block_types": ["SkipDownBlock2D", "AttnSkipDownBlock2D", "SkipDownBlock2D"],
        "up_block_types": ["SkipUpBlock2D", "AttnSkipUpBlock2D", "SkipUpBlock2D"], "block_out_channels": [32, 64, 64],
        "layers_per_block": 1, "mid_block_scale_factor": 1.41421356237, "attention_head_dim": None,
        "norm_num_groups": None, "norm_eps": 1e-6,
    }, [2, 3, 12, 8], t=[0.07, 11.5]),
    case(DIFFUSERS, "diffusers_k_blocks_class_timestep", {
        "in_channels": 2, "out_channels": 2, "down_block_types": ["KDownBlock2D", "KDownBlock2D"],
        "up_block_types": ["KUpBlock2D", "KUpBlock2D"], "block_out_channels": [32, 64], "layers_per_block": 2,
        "act_fn": "gelu", "attention_head_dim": 16, "class_embed_type": "timestep",
    }, [2, 2, 8, 6], t=[3, 700], class_labels=[4, 90]),
    case(DIFFUSERS, "diffusers_resample_blocks_learned_time_identity_class", {
        "in_channels": 1, "out_channels": 2, "time_embedding_type": "learned", "num_train_timesteps": 20,
        "time_embedding_dim": 24, "down_block_types": ["ResnetDownsampleBlock2D", "AttnDownBlock2D"],
        "up_block_types": ["AttnUpBlock2D", "ResnetUpsampleBlock2D"], "block_out_channels": [8, 12],
        "layers_per_block": 2, "downsample_type": "resnet", "act_fn": "mish", "attention_head_dim": 4,
        "norm_num_groups": 4, "attn_norm_num_groups": 2, "resnet_time_scale_shift": "scale_shift",
        "class_embed_type": "identity",
    }, [2, 1, 8, 8], t=[3, 19],
        class_labels=[[i / 24 for i in range(24)], [(-1.0) ** i * 0.3 for i in range(24)]]),
    case(DIFFUSERS, "diffusers_image_beside_without_middle", {
        "in_channels": 5, "out_channels": 2, "down_block_types": ["DownBlock2D", "SkipDownBlock2D"],
        "up_block_types": ["UpBlock2D", "AttnUpBlock2D"], "block_out_channels": [8, 8], "layers_per_block": 1,
        "mid_block_type": None, "upsample_type": "resnet", "act_fn": "relu", "attention_head_dim": 3,
        "downsample_type": None, "norm_num_groups": 4, "freq_shift": 1, "flip_sin_to_cos": False, "downsample_padding": 0,
    }, [2, 5, 6, 4], t=[3, 700]),
    case(EDM, "edm_ddpmpp_classes_augmented", {**SONG, "label_dim": 3, "augment_dim": 5}, [2, 3, 16, 16],
         t=[-1.2, 0.8], class_labels=[[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
         augment_labels=[[0.1, 0.5, -1.0, 0.0, 2.0], [0.0, 0.0, 0.0, 1.0, 0.3]]),
    case(EDM, "edm_ncsnpp", {**SONG, "embedding_type": "fourier", "encoder_type": "residual", "channel_mult_noise": 2,
                             "resample_filter": [1, 3, 3, 1], "channel_mult": [1, 1, 2]}, [2, 3, 16, 16], t=[-0.7, 0.4]),
    case(EDM, "edm_skip_skip_nonsquare", {**SONG, "encoder_type": "skip", "decoder_type": "skip",
                                          "resample_filter": [1, 3, 3, 1], "channel_mult": [1, 2, 2],
                                          "in_channels": 1, "out_channels": 1}, [2, 1, 16, 8], t=[0.3, 1.4]),
    case(EDM, "edm_adm", {"model_type": "DhariwalUNet", "img_resolution": 8, "in_channels": 2, "out_channels": 4,
                          "label_dim": 4, "augment_dim": 3, "model_channels": 32, "channel_mult": [1, 3],
                          "num_blocks": 1, "attn_resolutions": [8, 4]}, [2, 2, 8, 8], t=[-1.1, 0.6],
         class_labels=[[0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]],
         augment_labels=[[0.1, 0.5, -1.0], [0.0, 0.0, 0.3]]),
    case(DIT, "dit_pixels_patch4", {"input_size": 16, "patch_size": 4, "in_channels": 3, "hidden_size": 48, "depth": 2,
                                    "num_heads": 4, "num_classes": 5}, [2, 3, 16, 16], t=[3, 700], y=[4, 5]),
    case(DIT, "dit_latent_without_dropout", {"input_size": 8, "patch_size": 2, "in_channels": 4, "hidden_size": 32,
                                             "depth": 3, "num_heads": 2, "mlp_ratio": 2.5, "num_classes": 3,
                                             "class_dropout_prob": 0.0, "learn_sigma": False}, [2, 4, 8, 8],
         t=[0, 999], y=[0, 2]),
    case(GUIDED, "guided_fractional_heads_up", {
        "image_size": 8, "in_channels": 1, "model_channels": 64, "out_channels": 1, "num_res_blocks": 1,
        "attention_resolutions": [1, 2], "channel_mult": [0.5, 1], "conv_resample": False, "num_heads": 4,
        "num_heads_upsample": 2, "use_scale_shift_norm": True, "resblock_updown": False,
    }, [2, 1, 8, 6], t=[3, 700]),
    case(IMPROVED, "improved_heads_up_three_levels", {
        "in_channels": 1, "model_channels": 32, "out_channels": 2, "num_res_blocks": 1,
        "attention_resolutions": [4], "channel_mult": [1, 1, 2], "conv_resample": True, "num_heads": 4,
        "num_heads_upsample": 1, "num_classes": 3,
    }, [2, 1, 8, 8], t=[3, 700], y=[0, 2]),
    case(LUCID, "lucidrains_per_level_heads", {
        "dim": 8, "init_dim": 12, "out_dim": 2, "dim_mults": [1, 2, 3], "channels": 1, "attn_dim_head": [4, 8, 6],
        "attn_heads": [1, 2, 4], "full_attn": [False, True, False], "dropout": 0.1, "random_fourier_features": True,
        "learned_sinusoidal_dim": 10,
    }, [2, 1, 8, 12], t=[0.3, 0.9]),
    case(ANNOTATED, "annotated_untold_doubled_outputs", {
        "dim": 10, "init_dim": 7, "out_dim": 4, "dim_mults": [1, 3], "channels": 2, "with_time_emb": False,
        "convnext_mult": 3,
    }, [2, 2, 6, 8], t=[3, 150]),
    case(GUIDED, "guided_image_beside", {
        "image_size": 8, "in_channels": 6, "model_channels": 32, "out_channels": 3, "num_res_blocks": 1,
        "attention_resolutions": [], "channel_mult": [1, 1], "num_heads": 2, "use_new_attention_order": True,
        "resblock_updown": True, "num_classes": 2,
    }, [2, 6, 4, 8], t=[3, 700], y=[1, 0]),
    case(CONDITION, "condition_k_levels_fourier_guidance", {
        "in_channels": 4, "out_channels": 5, "block_out_channels": [32, 32, 32], "layers_per_block": 1, "norm_num_groups": None,
        "cross_attention_dim": 6, "attention_head_dim": 16, "act_fn": "gelu", "mid_block_type": None, "conv_in_kernel": 1,
        "down_block_types": ["KDownBlock2D", "KCrossAttnDownBlock2D", "KCrossAttnDownBlock2D"], "conv_out_kernel": 1,
        "up_block_types": ["KCrossAttnUpBlock2D", "KUpBlock2D", "KUpBlock2D"], "time_embedding_type": "fourier",
        "time_embedding_dim": 32, "timestep_post_act": "gelu", "time_cond_proj_dim": 3,
    }, [2, 4, 8, 12], t=[0.1, 0.8], context=tokens(2, 5, 6), context_mask=[[1, 1, 0, 1, 0], [1, 0, 0, 0, 0]],
        timestep_cond=[[0.3, -1.2, 0.5], [1.1, 0.4, -0.7]]),
    case(CONDITION, "condition_joined_attention_group_norm", {
        "in_channels": 3, "out_channels": 6, "block_out_channels": [8, 12], "layers_per_block": 1, "norm_num_groups": 4,
        "cross_attention_dim": 32, "attention_head_dim": 4, "cross_attention_norm": "group_norm", "resnet_skip_time_act": True,
        "resnet_out_scale_factor": 1.3, "mid_block_type": "UNetMidBlock2DSimpleCrossAttn", "mid_block_only_cross_attention": True,
        "down_block_types": ["ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D"], "class_embed_type": "simple_projection",
        "up_block_types": ["SimpleCrossAttnUpBlock2D", "ResnetUpsampleBlock2D"], "projection_class_embeddings_input_dim": 3,
    }, [2, 3, 8, 4], t=[3, 700], context=tokens(2, 5, 32), y=[[0.3, -1.2, 0.5], [1.1, 0.4, -0.7]]),
    case(CONDITION, "condition_pooled_text_projected_odd_size", {
        "in_channels": 4, "out_channels": 4, "block_out_channels": [8, 12], "layers_per_block": 1, "norm_num_groups": 4,
        "cross_attention_dim": 8, "attention_head_dim": 2, "encoder_hid_dim": 6, "addition_embed_type": "text",
        "addition_embed_type_num_heads": 2, "downsample_padding": 0, "time_embedding_act_fn": "mish", "act_fn": "relu",
        "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"], "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"],
    }, [2, 4, 9, 7], t=[3, 700], context=tokens(2, 5, 6), context_mask=[[1, 1, 0, 1, 0], [1, 1, 1, 1, 1]]),
    case(CONDITION, "condition_lists_by_level", {
        "in_channels": 4, "out_channels": 4, "block_out_channels": [8, 12, 16], "layers_per_block": [1, 2, 1], "norm_num_groups": 4,
        "cross_attention_dim": 8, "attention_head_dim": [2, 3, 4], "only_cross_attention": [True, False, False],
        "transformer_layers_per_block": [[2], [1, 2], 1], "reverse_transformer_layers_per_block": [1, [1, 1, 2], [1, 2]],
        "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"], "class_embed_type": "timestep",
        "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"], "use_linear_projection": True,
    }, [2, 4, 4, 8], t=[3, 700], context=tokens(2, 5, 8), y=[4, 90]),
]
