//! Many days at once: one thread for each processor, and a word about how far they are.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// Does each job, on as many threads as the machine has processors, and gives the results in the order of the jobs. `done` is told after
/// each how many are done.
///
/// # Errors
/// The first that a job ends with.
pub fn all<J: Sync, T: Send, E: Send>(
    jobs: &[J],
    work: impl Fn(&J) -> Result<T, E> + Sync,
    mut done: impl FnMut(usize),
) -> Result<Vec<T>, E> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(jobs.len().max(1));
    let next = AtomicUsize::new(0);
    let (sender, results) = mpsc::channel();
    let mut found: Vec<Option<T>> = jobs.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(job) = jobs.get(index) else { return };
                // Nobody listens any more when another job has failed.
                if sender.send((index, work(job))).is_err() {
                    return;
                }
            });
        }
        drop(sender);
        for (count, (index, result)) in results.into_iter().enumerate() {
            found[index] = Some(result?);
            done(count + 1);
        }
        Ok(())
    })?;
    Ok(found.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_jobs_and_a_failure_ends_it() {
        let jobs: Vec<u64> = (0..50).collect();
        let mut told = Vec::new();
        let squares = all(&jobs, |job| Ok::<_, ()>(job * job), |count| told.push(count));
        assert_eq!(squares, Ok(jobs.iter().map(|job| job * job).collect()));
        assert_eq!(told.last(), Some(&50));
        assert_eq!(
            all(&jobs, |job| if *job == 7 { Err("seven") } else { Ok(()) }, |_| ()),
            Err("seven")
        );
    }
}
