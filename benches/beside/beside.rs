//! Marlin and `fudsv::runtime` side by side: `beside m1 marlin|fudsv DIR` builds and tests one model there; `beside
//! cycles CYCLES` drives one design by both, in turn, and prints a line for each round.

use fudsv::runtime::{Config, Runtime};
use marlin::verilator::{VerilatedModelConfig, VerilatorRuntime, VerilatorRuntimeOptions};
use marlin::verilog::prelude::*;
use std::error::Error;
use std::time::Instant;

#[verilog(src = "main.sv", name = "main")]
pub struct Main;

#[verilog(src = "lfsrs.sv", name = "lfsrs")]
pub struct MarlinLfsrs;

include!(concat!(env!("OUT_DIR"), "/lfsrs.rs"));

fn marlin(dir: &str, source: &str) -> Result<VerilatorRuntime, Box<dyn Error>> {
    let verilator_executable = std::env::var_os("MARLINS_VERILATOR").unwrap_or_else(|| "verilator".into());
    let options = VerilatorRuntimeOptions { verilator_executable, ..Default::default() };
    Ok(VerilatorRuntime::new(dir.into(), &[source.as_ref()], &[], [], options)?)
}

fn config() -> VerilatedModelConfig {
    VerilatedModelConfig { verilator_optimization: 3, ..Default::default() }
}

fn m1_by_marlin(dir: &str) -> Result<(), Box<dyn Error>> {
    let runtime = marlin(dir, "main.sv")?;
    let mut dut = runtime.create_model::<Main>(&config())?;
    assert_eq!(dut.out, 0);
    dut.given = u32::MAX;
    dut.eval();
    assert_eq!(dut.out, u32::MAX);
    Ok(())
}

fn m1_by_fudsv(dir: &str) -> Result<(), Box<dyn Error>> {
    let store = std::env::var("BESIDE_STORE").unwrap_or_else(|_| "true".to_owned());
    let config =
        Config::new().optimization(3).set("cxx.exe", "g++").set("cxx.flags", "-Os").set("store", store);
    let mut dut = Runtime::new(dir, ["main.sv"])?.create_model("main", &config)?;
    assert_eq!(dut.read("out")?, 0);
    dut.pin("given", u32::MAX)?;
    dut.eval()?;
    assert_eq!(dut.read("out")?, u32::MAX);
    Ok(())
}

fn cycles(count: u32) -> Result<(), Box<dyn Error>> {
    let runtime = marlin("artefacts", "lfsrs.sv")?;
    let mut theirs = runtime.create_model::<MarlinLfsrs>(&config())?;
    let mut ours = lfsrs::Lfsrs::new()?;
    let told = |name: &str, begin: Instant, sum: u32| {
        println!("{name}\t{}\t{sum:x}", f64::from(count) / begin.elapsed().as_secs_f64());
    };
    for _ in 0..10 {
        (theirs.rst, theirs.clk) = (1, 0);
        theirs.eval();
        theirs.clk = 1;
        theirs.eval();
        theirs.rst = 0;
        let (begin, mut sum) = (Instant::now(), 0_u32);
        for i in 0..count {
            theirs.a = i & 0xff;
            theirs.clk = 0;
            theirs.eval();
            theirs.clk = 1;
            theirs.eval();
            sum = sum.wrapping_add(theirs.y);
        }
        told("Marlin, two eval", begin, sum);
        for by_tick in [false, true] {
            ours.set_rst(true);
            ours.tick()?;
            ours.set_rst(false);
            let (begin, mut sum) = (Instant::now(), 0_u32);
            for i in 0..count {
                ours.set_a(i & 0xff);
                if by_tick {
                    ours.tick()?;
                } else {
                    ours.set_clk(false);
                    ours.eval()?;
                    ours.set_clk(true);
                    ours.eval()?;
                }
                sum = sum.wrapping_add(ours.y());
            }
            told(if by_tick { "fudsv, tick" } else { "fudsv, two eval" }, begin, sum);
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["m1", "marlin", dir] => m1_by_marlin(dir),
        ["m1", "fudsv", dir] => m1_by_fudsv(dir),
        ["cycles", count] => cycles(count.parse()?),
        _ => Err("`beside m1 marlin|fudsv DIR` or `beside cycles CYCLES`".into()),
    }
}
